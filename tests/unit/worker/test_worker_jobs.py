"""What the jobs do with a small addon of the tests, over real XML-RPC."""

from __future__ import annotations

import datetime as dt
import time
import xmlrpc.client
from typing import Any

import pytest
from addon import ACCOUNTS, COMPANY, CONFIG, Addon, page, refuse
from peer import PASSWORD, Drop, Peer

from sync_worker import errors
from sync_worker.jobs.answers import Begin, Company, Handshake
from sync_worker.jobs.client import KamSync
from sync_worker.jobs.companies import chosen, today
from sync_worker.jobs.lease import Held
from sync_worker.jobs.run import RunOptions, RunReport, run
from sync_worker.rpc.retry import Patience, PatientTransport
from sync_worker.rpc.xmlrpc import XmlRpcTransport

QUICK = Patience(attempts=3, first=0.001, longest=0.002)


@pytest.fixture
def addon(peer: Peer) -> Addon:
    peer.behaviour = Addon()
    return peer.behaviour


@pytest.fixture
def sync(peer: Peer) -> KamSync:
    return KamSync(PatientTransport(XmlRpcTransport(peer.origin, "db", "worker", PASSWORD), QUICK, QUICK))


def refresh(sync: KamSync, **options: Any) -> RunReport:
    return run(sync, RunOptions(**options))


def test_a_run_makes_the_calls_of_the_contract_in_their_order(sync: KamSync, addon: Addon) -> None:
    report = refresh(sync)
    assert addon.methods == ["handshake", "begin", "prepare", "pull", "stage", "stage", "publish"]
    assert report.exit_code == errors.DONE
    begin, publish = addon.calls[1][1], addon.calls[-1][1]
    assert begin["request"]["dry_run"] is False
    assert begin["context"] == {"allowed_company_ids": [1]}
    assert publish["totals"]["tables"] == {"score": {"rows": 2, "batches": 1}, "portfolio": {"rows": 1, "batches": 1}}
    assert set(publish["totals"]["phases"]) == {"prepare", "pull", "score", "stage"}


@pytest.mark.parametrize("is_bundled", [False, True], ids=["one by one", "bundled"])
def test_only_tables_that_the_addon_has_a_place_for_are_sent(sync: KamSync, addon: Addon, is_bundled: bool) -> None:
    sections = {"account": 2, "fact": 0, "wallet": 0, "answer": 2, "person": 1}
    answers = (b"account_id,answer_id,person,is_named,power,kind,value,scale_min,scale_max,low_is_good,date,"
               b"touchpoint_id\n7,1,4,1,high,nps,9,0,10,0,2026-11-01,3\n7,2,,0,,nps,3,0,10,0,2026-11-01,\n")
    people = (b"account_id,stakeholder_id,function_id,power,cadence_days,current,target,last_contact,contact_days,"
              b"is_two_way\n8,1,,,,,,2026-11-01,1,1\n")
    pages = {0: (ACCOUNTS, "account", 2, 2), 2: (answers, "answer", 2, 4), 4: (people, "person", 1, 5)}

    def pull(args: dict[str, Any]) -> Any:
        csv, section, rows, after = pages[args["after"]]
        further = [pull({"after": number}) for number in pages if number > args["after"]] if is_bundled else []
        return page(csv, section=section, columns=[], rows=rows, after=after, done=after == 5, following=further)

    addon.instead["prepare"] = lambda args: {
        "sections": [{"name": name, "columns": [], "rows": rows} for name, rows in sections.items()], "rows": 5}
    addon.instead["pull"] = pull
    assert refresh(sync).exit_code == errors.DONE
    assert addon.methods.count("pull") == (1 if is_bundled else 3)
    rows = {table: found["rows"] for table, found in addon.calls[-1][1]["totals"]["tables"].items()}
    # of contact 4, of account 7 and its touchpoint 3, of the portfolio and its touchpoint 3
    assert rows == {"score": 2, "portfolio": 1, "wallet": 0, "satisfaction": 5, "person": 1, "relationship": 1}


def test_batches_are_counted_from_one_in_each_table(sync: KamSync, addon: Addon) -> None:
    refresh(sync, batch_rows=1)
    staged = [(args["table"], args["batch"], args["rows"]["rows"]) for method, args in addon.calls if method == "stage"]
    assert staged == [("score", 1, 1), ("score", 2, 1), ("portfolio", 1, 1)]
    assert addon.calls[-1][1]["totals"]["tables"]["score"] == {"rows": 2, "batches": 2}


def test_a_page_is_never_larger_than_the_addon_gives(sync: KamSync, addon: Addon) -> None:
    refresh(sync, page_rows=5)
    refresh(sync, page_rows=99_999)
    assert [args["limit"] for method, args in addon.calls if method == "pull"] == [5, 1000]


def test_a_company_without_accounts_is_refreshed_too(sync: KamSync, addon: Addon) -> None:
    addon.instead["prepare"] = lambda args: {"sections": [], "rows": 0}
    refresh(sync)
    assert addon.calls[-1][1]["totals"]["tables"]["score"] == {"rows": 0, "batches": 1}
    assert "pull" not in addon.methods


def test_the_day_is_that_of_the_company_by_the_servers_clock(sync: KamSync, addon: Addon) -> None:
    refresh(sync)  # 23:30 UTC is half past midnight in Madrid
    refresh(sync, as_of=dt.date(2026, 1, 31))
    assert [args["as_of"] for method, args in addon.calls if method == "begin"] == ["2026-11-21", "2026-01-31"]


@pytest.mark.parametrize("tz", ["", "Nowhere/At-All", "../../etc/passwd"])
def test_a_time_zone_that_is_not_known_counts_as_utc(tz: str) -> None:
    met = Handshake(protocol=1, addon="", odoo="", database="", server_time=dt.datetime(2026, 11, 20, 23, 30),
                    companies=(), page_rows=1)
    assert today(met, Company(id=1, name="x", tz=tz)) == dt.date(2026, 11, 20)


@pytest.mark.parametrize("method", ["prepare", "pull", "stage", "publish"])
def test_a_refusal_under_way_abandons_the_run(sync: KamSync, addon: Addon, method: str) -> None:
    addon.instead[method] = lambda args: refuse("checksum", "Broken.")
    report = refresh(sync)
    assert report.exit_code == errors.BAD_DATA
    assert addon.methods[-1] == "abandon"
    assert addon.calls[-1][1]["reason"] == "Broken."


def test_a_refusal_of_the_lease_abandons_nothing(sync: KamSync, addon: Addon) -> None:
    addon.instead["begin"] = lambda args: refuse("lease_held", "srv:1 is at work.")
    report = refresh(sync)
    assert (report.exit_code, str(report.companies[0].error)) == (errors.LEASE_HELD, "srv:1 is at work.")
    assert addon.methods == ["handshake", "begin"]


def test_a_begin_whose_answer_is_lost_is_repeated_by_the_same_owner(sync: KamSync, addon: Addon) -> None:
    def lose_the_first(args: dict[str, Any]) -> Any:
        if addon.methods.count("begin") == 1:
            raise Drop
        return addon.begin(args)

    addon.instead["begin"] = lose_the_first
    assert refresh(sync).exit_code == errors.DONE
    first, second = [args["request"]["owner"] for method, args in addon.calls if method == "begin"]
    assert first == second
    assert len(first.split(":")) == 3


def test_two_runs_have_two_owners(sync: KamSync, addon: Addon) -> None:
    refresh(sync)
    refresh(sync)
    assert len({args["request"]["owner"] for method, args in addon.calls if method == "begin"}) == 2


@pytest.mark.parametrize(("answer", "message"), [
    (page(ACCOUNTS, section="account", rows=2, after=0, done=False), "do not advance"),
    (page(ACCOUNTS, section="account", rows=3, after=3, done=True), "holds 2 rows where 3"),
    (page(ACCOUNTS.replace(b"8,0,0,1,\n", b""), section="account", rows=1, after=1, done=True), "1 rows of account"),
    (page(ACCOUNTS, section="weather", rows=2, after=2, done=True), "weather"),
    ({**page(ACCOUNTS, section="account", rows=2, after=2, done=True), "sha256": "0"}, "checksum"),
    (page(b"account_id\nx\n", section="account", rows=1, after=1, done=True), "against the contract"),
    ({"section": "account"}, "rows"),
])
def test_a_page_against_the_contract_ends_the_run(
        sync: KamSync, addon: Addon, answer: dict[str, Any], message: str) -> None:
    addon.instead["pull"] = lambda args: answer
    report = refresh(sync)
    assert report.exit_code == errors.BAD_DATA
    assert message in str(report.companies[0].error)
    assert "stage" not in addon.methods
    assert addon.methods[-1] == "abandon"


def test_a_configuration_against_the_contract_ends_the_run(sync: KamSync, addon: Addon) -> None:
    addon.instead["begin"] = lambda args: {**addon.begin(args), "config": {**CONFIG, "settings": {"capacity": -1}}}
    report = refresh(sync)
    assert report.exit_code == errors.BAD_DATA
    assert "capacity" in str(report.companies[0].error)
    assert addon.methods[-1] == "abandon"


def test_rows_that_were_refused_make_the_run_partial(sync: KamSync, addon: Addon) -> None:
    addon.instead["stage"] = lambda args: {
        "rows": 2, "accepted": 1, "refused": [{"line": 2, "reference": "8", "reason": "bad"}]}
    addon.instead["publish"] = lambda args: {**addon.publish(args), "state": "partial", "refused": 1}
    assert refresh(sync).exit_code == errors.PARTIAL


def test_one_company_that_fails_does_not_stop_the_next_and_the_run_fails(sync: KamSync, addon: Addon) -> None:
    addon.companies = [COMPANY, {**COMPANY, "id": 2, "name": "Béta"}]
    addon.instead["begin"] = lambda args: refuse("lease_held") if args["company"] == 1 else addon.begin(args)
    report = refresh(sync)
    assert report.exit_code == errors.LEASE_HELD
    assert [bool(done.error) for done in report.companies] == [True, False]


def test_a_failure_that_all_would_meet_stops_at_the_first(sync: KamSync, addon: Addon) -> None:
    addon.companies = [COMPANY, {**COMPANY, "id": 2}]

    def drop(args: dict[str, Any]) -> Any:
        raise Drop

    addon.instead["prepare"] = drop
    report = refresh(sync)
    assert (report.exit_code, len(report.companies)) == (errors.UNREACHABLE, 1)


def test_a_right_that_is_missing_for_one_company_stops_no_other_and_the_worst_failure_counts(
        sync: KamSync, addon: Addon) -> None:
    addon.companies = [{**COMPANY, "id": number} for number in (1, 2, 3)]
    refusals = {1: "lease_held", 2: "missing_rights"}
    addon.instead["begin"] = lambda args: (
        refuse(refusals[args["company"]]) if args["company"] in refusals else addon.begin(args))
    report = refresh(sync)
    assert [done.error.code if done.error else "" for done in report.companies] == ["lease_held", "missing_rights", ""]
    assert report.exit_code == errors.NOT_ALLOWED


def test_credentials_that_are_refused_under_way_stop_at_the_first(sync: KamSync, addon: Addon) -> None:
    addon.companies = [COMPANY, {**COMPANY, "id": 2}]

    def deny(args: dict[str, Any]) -> Any:
        raise xmlrpc.client.Fault(3, "Access Denied")

    addon.instead["begin"] = deny
    report = refresh(sync)
    assert (report.exit_code, len(report.companies)) == (errors.NOT_ALLOWED, 1)


def test_every_exit_code_of_a_failure_has_its_place_among_them() -> None:
    kinds, codes = [errors.KamError], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        codes.add(kind.exit_code)
    assert codes == set(errors.WORST_FIRST)


@pytest.mark.parametrize(("wanted", "ids"), [(None, [1, 2]), ("2", [2]), ("béta", [2]), (" Acme ", [1])])
def test_companies_are_chosen_by_number_or_name(wanted: str | None, ids: list[int]) -> None:
    companies = (Company(id=1, name="Acme"), Company(id=2, name="Béta"))
    met = Handshake(protocol=1, addon="", odoo="", database="", server_time=dt.datetime(2026, 1, 1),
                    companies=companies, page_rows=1)
    assert [company.id for company in chosen(met, wanted)] == ids


def test_a_company_that_is_not_there_is_named_with_those_that_are(sync: KamSync, addon: Addon) -> None:
    with pytest.raises(errors.Usage, match=r"“Other”.*Acme \(1\)"):
        refresh(sync, company="Other")


def test_a_service_user_without_a_company_is_told_so(sync: KamSync, addon: Addon) -> None:
    addon.companies = []
    with pytest.raises(errors.NotAllowed, match="no company"):
        refresh(sync)


@pytest.mark.parametrize(("protocol", "word"), [(2, "worker"), (0, "addon"), (None, "addon")])
def test_another_protocol_says_which_side_is_older(
        sync: KamSync, addon: Addon, protocol: int | None, word: str) -> None:
    addon.instead["handshake"] = lambda args: {"protocol": protocol} if protocol is not None else {"other": 1}
    with pytest.raises(errors.OtherProtocol, match=f"upgrade the {word}"):
        refresh(sync)


def test_the_lease_is_renewed_while_the_worker_computes(sync: KamSync, addon: Addon) -> None:
    addon.instead["renew"] = lambda args: (
        refuse("wrong_state") if addon.methods.count("renew") == 1 else addon.renew(args))
    begun = Begin.of({**addon.begin({"company": 1, "as_of": "2026-11-20"}), "lease_seconds": 0.3})
    since = time.monotonic()
    with Held(sync, 1, begun).kept():
        time.sleep(1)
    renewed = addon.methods.count("renew")
    assert 3 <= renewed <= (time.monotonic() - since) / 0.1  # one that fails does no harm
    time.sleep(0.3)
    assert addon.methods.count("renew") == renewed
