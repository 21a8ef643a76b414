"""What opens, stays and closes: hysteresis, cool-down, folding, the daily cap, and what is never forgotten."""

import numpy as np
import pandas as pd
import pytest
from alert_tables import (
    NUMBER,
    SECTIONS,
    SHIPPED,
    alert_config,
    answered,
    as_pulled,
    day,
    frame,
    inputs,
    key_of,
    past,
    relation,
    rhythm,
    rule,
    said,
    score,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scoring_tables import AS_OF, NAN, account, person, seat

from sync_worker.frames import RunConfig, write_table
from sync_worker.scoring.alerts import AlertInputs, alerts

QUICK = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def level(**changed):
    """Health under 50 is amber, under 30 red; over at 60."""
    return rule("health_drop", condition="below", amber=50, red=30, clear=60, **changed)


TENDER = [{"account_id": 7, "kind": "buying_step", "record_id": 1, "date": "2026-12-01"}]


# ---------------------------------------------------------------- every open alert is answered
def test_a_rule_that_was_switched_off_closes_its_alerts():
    table = answered(alert_config(), inputs(alert=[past(1, "signal", subject="4"), past(2, 99)]))
    assert said(table) == [
        ("signal", 7, "4", "close", "amber", "rule_off"), (99, 7, None, "close", "amber", "rule_off")]


def test_an_account_that_is_no_key_account_any_longer_takes_its_alerts_along():
    stands = [past(1, "few_people", 8), past(2, "signal", 9, "4")]
    table = answered(alert_config(rule("few_people"), rule("signal")), inputs([account(8)], alert=stands))
    assert said(table) == [("few_people", 8, None, "close", "amber", "gone"),
                           ("signal", 9, "4", "close", "amber", "gone")]


@pytest.mark.parametrize("broken", [
    rule("signal", subject="weather", condition="raised"), rule("health_drop", amber=None, red=None),
    rule("health_drop", score="happiness"), rule("date_near", date_kind=None)])
def test_a_rule_that_cannot_be_looked_at_leaves_its_alerts_as_they_are(broken):
    stands = past(1, broken["id"], severity="red", value=3.0, subject="5")
    table = answered(alert_config(broken, rule("role_empty")), inputs(alert=[stands], seat=[seat(7, 3)]))
    assert set(said(table)) == {("role_empty", 7, "3", "open", "amber", None),
                                (broken["code"], 7, "5", "keep", "red", None)}
    assert table.loc[table["change"] == "keep", "facts"].tolist() == ['{"unknown":"unusable"}']


def test_nothing_pulled_and_no_rules_give_an_empty_table():
    config = RunConfig.model_validate({"company": {"id": 1, "currency": "EUR", "digits": 2}})
    assert alerts(AlertInputs(), config, AS_OF).empty
    assert alerts(AlertInputs(), alert_config(*SHIPPED), AS_OF).empty


def test_a_partial_run_leaves_the_company_and_other_accounts_alone():
    stands = [past(1, "concentration_one", NAN), past(2, "few_people", 8), past(3, "few_people", 7)]
    told = inputs(alert=stands, relationship=[relation(7, 5, 5)], portfolio=[{"largest_share": 1.0, "top5_share": 1.0}])
    whole = AlertInputs(**{name: getattr(told, name) for name in told.__dataclass_fields__} | {"is_partial": True})
    config = alert_config(rule("few_people"), rule("concentration_one"), rule("concentration_five"))
    assert said(answered(config, whole)) == [("few_people", 7, None, "close", "amber", "cleared")]


# ---------------------------------------------------------------- severity
def test_an_open_alert_follows_in_gravity():
    for health, severity in ((29.0, "red"), (45.0, "amber"), (55.0, "amber")):
        table = answered(alert_config(level()), inputs(score=[score(7, health=health)],
                                                       alert=[past(1, "health_drop", severity="red", value=20.0)]))
        assert table[["change", "severity", "value"]].to_numpy().tolist() == [["keep", severity, health]]


def test_what_is_unknown_changes_nothing():
    table = answered(alert_config(level()), inputs(score=[score(7)], alert=[
        past(1, "health_drop", severity="red", value=20.0)]))
    assert table[["change", "severity", "value", "facts"]].to_numpy().tolist() == [
        ["keep", "red", 20.0, '{"unknown":"no_data","score":"health"}']]


def test_alerts_of_an_account_with_half_of_the_sales_are_one_level_graver():
    config = alert_config(rule("role_empty"), rule("date_near"))
    told = {"seat": [seat(7, 3)], "due": TENDER}
    assert answered(config, inputs(score=[score(7, 0.49)], **told))["severity"].tolist() == ["amber", "info"]
    assert answered(config, inputs(score=[score(7, 0.5)], **told))["severity"].tolist() == ["red", "amber"]


# ---------------------------------------------------------------- cool-down
@pytest.mark.parametrize(("closed", "was", "now", "opens"), [
    # 90 days before the 20th of November is the 22nd of August
    ("2026-08-23", "amber", 45.0, False),
    ("2026-08-22", "amber", 45.0, True),
    ("2026-11-19", "amber", 29.0, True),
    ("2026-11-19", "red", 29.0, False),
])
def test_within_the_cool_down_only_a_graver_one_opens(closed, was, now, opens):
    told = inputs(score=[score(7, health=now)], alert=[past(1, "health_drop", severity=was, closed=closed)])
    assert len(answered(alert_config(level(cool_down_days=90)), told)) == int(opens)
    assert len(answered(alert_config(level()), told)) == 1


# ---------------------------------------------------------------- folding
def test_alerts_of_one_cause_fold_under_the_gravest():
    config = alert_config(*SHIPPED)
    told = inputs(seat=[seat(7, 3)], person=[person(7, 1, last="2026-10-01"), person(7, 2, last="2026-10-01")],
                  departure=[{"account_id": 7, "stakeholder_id": 9, "date": "2026-11-02"}],
                  relationship=[relation(7, 3, 1)], signal=[{"account_id": 7, "signal_id": 1, "date": None}])
    table = answered(config, told)
    left = NUMBER["supporter_left"]
    heads = table["parent_rule_id"].fillna(0).tolist()
    assert list(zip([(row[0], row[2]) for row in said(table)], heads, strict=True)) == [
        (("supporter_left", "9"), 0), (("few_people", None), left), (("role_empty", "3"), left),
        (("contact_overdue", "1"), left), (("contact_overdue", "2"), left), (("signal", "1"), 0)]


def test_equally_grave_ones_fold_by_priority_then_rule_then_subject():
    config = alert_config(rule("role_empty", priority=9), rule("contact_overdue", priority=9), rule("few_people"))
    told = inputs(seat=[seat(7, 12), seat(7, 3)], person=[person(7, 1, last="2026-10-01")],
                  relationship=[relation(7, 3, 1)])
    table = answered(config, told)
    heads = table[table["parent_rule_id"].isna()]
    assert heads[["rule_id", "subject"]].to_numpy().tolist() == [[NUMBER["role_empty"], "3"]]
    assert set(table["parent_rule_id"].dropna()) == {NUMBER["role_empty"]}


def test_both_concentrations_are_one_alert_of_the_company():
    table = answered(alert_config(rule("concentration_one"), rule("concentration_five")),
                     inputs(portfolio=[{"largest_share": 0.2, "top5_share": 0.8}]))
    assert table[["rule_id", "severity", "parent_rule_id"]].fillna(0).to_numpy().tolist() == [
        [15, "amber", 16.0], [16, "red", 0.0]]


# ---------------------------------------------------------------- the daily cap
def goals(*numbers):
    return [{"account_id": 7, "objective_id": number, "status": "off_track", "is_overdue": 0} for number in numbers]


FIVE_MATTERS = {
    "seat": [seat(7, 3), seat(7, 4)],
    "rhythm": [rhythm(7, 0, 36, 10, "2026-09-01", days_365=40)],
    "objective": goals(1),
    "signal": [{"account_id": 7, "signal_id": 1, "date": None}],
    "due": TENDER,
}
FIVE_RULES = [rule(code) for code in ("role_empty", "order_silence", "objective_behind", "signal", "date_near")]


def test_three_new_heads_a_day_the_gravest_first_and_the_others_wait():
    table = answered(alert_config(*FIVE_RULES), inputs(**FIVE_MATTERS))
    # red, then amber by priority: 70 and 110; the second role folds under the first and costs no place
    assert {(row[0], row[2]) for row in said(table)} == {
        ("order_silence", None), ("role_empty", "3"), ("role_empty", "4"), ("objective_behind", "1")}


def test_what_waited_opens_on_the_next_days():
    config, stands = alert_config(*FIVE_RULES), frame(SECTIONS["alert"], [])
    opened = []
    for today in ("2026-11-20", "2026-11-20", "2026-11-21"):
        told = inputs(alert=stands.to_dict("records"), **FIVE_MATTERS)
        table = answered(config, told, day(today))
        opened.append([row[0] for row in said(table) if row[3] == "open"])
        stands = as_pulled(table, stands, day(today))
    assert opened == [["order_silence", "role_empty", "role_empty", "objective_behind"], [], ["signal", "date_near"]]


def test_heads_of_today_count_folded_ones_and_those_of_yesterday_do_not():
    before = [past(1, "order_silence", opened="2026-11-20", severity="red"),
              past(2, "order_rate", opened="2026-11-20", parent=NUMBER["order_silence"]),
              past(3, "few_people", opened="2026-11-19")]
    config = alert_config(*FIVE_RULES, rule("order_rate"), rule("few_people"))
    table = answered(config, inputs(alert=before, **FIVE_MATTERS))
    # one place is taken; the roles fold under the few people, about which nothing is known today
    assert [(row[0], row[2]) for row in said(table) if row[3] == "open"] == [
        ("role_empty", "3"), ("role_empty", "4"), ("objective_behind", "1"), ("signal", "1")]


def test_one_that_is_graver_than_the_open_head_takes_a_place():
    before = [past(1, "few_people", opened="2026-11-01")]
    left = {"departure": [{"account_id": 7, "stakeholder_id": 9, "date": "2026-11-19"}]}
    config = alert_config(rule("few_people"), rule("supporter_left"), alerts_per_day=0)
    assert said(answered(config, inputs(alert=before, **left))) == [("few_people", 7, None, "keep", "amber", None)]
    config = alert_config(rule("few_people"), rule("supporter_left"), alerts_per_day=1)
    table = answered(config, inputs(alert=before, **left))
    assert table[["change", "parent_rule_id"]].fillna(0).to_numpy().tolist() == [["open", 0], ["keep", 5]]


def test_the_company_has_no_cap():
    table = answered(alert_config(rule("concentration_one"), alerts_per_day=0),
                     inputs(portfolio=[{"largest_share": 0.2, "top5_share": 0.3}]))
    assert table["change"].tolist() == ["open"]


# ---------------------------------------------------------------- what always holds
readings = st.one_of(st.just(NAN), st.floats(0, 100).map(lambda value: round(value, 2)))


def run_days(config, days, told, start="2026-01-01"):
    """Day by day, each with the alerts that the day before left: `(as_of, given, table)`."""
    stands = frame(SECTIONS["alert"], [])
    for number, reading in enumerate(days):
        as_of = (pd.Timestamp(start) + pd.Timedelta(days=number)).date()
        table = answered(config, inputs(alert=stands.to_dict("records"), **told(reading)), as_of)
        yield reading, table
        stands = as_pulled(table, stands, as_of)


@QUICK
@given(st.lists(readings, max_size=15))
def test_it_opens_only_under_the_threshold_and_closes_only_from_clear_on(days):
    is_open = False
    for health, table in run_days(alert_config(level()), days, lambda value: {"score": [score(7, health=value)]}):
        changes = table["change"].tolist()
        if not is_open:
            assert changes == (["open"] if health < 50 else [])
        else:
            assert changes == (["close"] if health >= 60 else ["keep"])
        is_open = changes in (["open"], ["keep"])


@QUICK
@given(st.lists(st.floats(50, 59.99), min_size=1, max_size=10), st.booleans())
def test_between_threshold_and_clear_nothing_ever_changes(days, is_open):
    start = [49.0 if is_open else 61.0]
    tables = [table for _value, table in run_days(
        alert_config(level()), start + days, lambda value: {"score": [score(7, health=value)]})]
    assert [table["change"].tolist() for table in tables[1:]] == [["keep"] if is_open else []] * len(days)


ACCOUNTS = [account(number, key=1, tier=float(number % 2 + 1)) for number in (7, 8, 9)]
numbers = st.sampled_from([7, 8, 9])


@st.composite
def situations(draw):
    """Sections of three key accounts with some of everything wrong, and alerts of before."""
    many = draw(st.integers(0, 6))
    rows = {
        "seat": [seat(number, role, draw(st.integers(0, 1))) for number in (7, 8, 9) for role in range(1, many + 1)],
        "person": [person(number, number * 10 + place, last=draw(st.sampled_from(["2026-11-01", "2026-09-01", None])))
                   for number in (7, 8, 9) for place in range(draw(st.integers(0, 3)))],
        "objective": [{"account_id": draw(numbers), "objective_id": serial, "is_overdue": draw(st.integers(0, 1)),
                       "status": draw(st.sampled_from(["on_track", "at_risk", "off_track"]))}
                      for serial in range(1, 6)],
        "signal": [{"account_id": draw(numbers), "signal_id": serial, "date": None} for serial in range(1, many + 1)],
        "rhythm": [rhythm(number, draw(st.integers(0, 30)), draw(st.integers(30, 60)), draw(st.integers(1, 90)),
                          draw(st.sampled_from(["2026-11-19", "2026-09-01"]))) for number in (7, 8, 9)],
        "relationship": [relation(number, 5, draw(st.integers(0, 5))) for number in (7, 8, 9)],
        "score": [score(number, draw(st.sampled_from([NAN, 0.1, 0.6])), draw(readings)) for number in (7, 8, 9)],
        "portfolio": [{"largest_share": draw(st.floats(0, 1)), "top5_share": 1.0}],
    }
    before = {}
    for serial in range(1, draw(st.integers(0, 12)) + 1):
        code = draw(st.sampled_from(sorted(NUMBER)))
        whose = NAN if code.startswith("concentration") else draw(numbers)
        subject = None if code in ("few_people", "order_rate") or whose != whose else str(draw(st.integers(1, 6)))
        closed = draw(st.sampled_from([None, "2026-11-20", "2026-09-01"]))
        if closed or (code, whose if whose == whose else 0, subject) not in before:
            row = past(serial, code, whose, subject, draw(st.sampled_from(["info", "amber", "red"])),
                       draw(st.sampled_from(["2026-11-20", "2026-08-01"])), closed, value=0.5)
            if closed is None:
                before[code, whose if whose == whose else 0, subject] = row
            else:
                before[serial] = row
    return rows, list(before.values())


def plain(table):
    """What is told of each alert, unknown as None."""
    told = table[["rule_id", "account_id", "subject", "severity", "value", "threshold", "facts", "parent_rule_id"]]
    return told.astype(object).where(told.notna(), None).to_numpy().tolist()


@QUICK
@given(situations(), st.integers(0, 3))
def test_every_open_alert_is_answered_once_and_a_second_run_opens_and_closes_nothing(told, per_day):
    rows, before = told
    config = alert_config(*SHIPPED, alerts_per_day=per_day)
    stands = frame(SECTIONS["alert"], before)
    table = answered(config, inputs(ACCOUNTS, alert=before, **rows))
    standing = [key_of(row) for row in stands.to_dict("records") if row["is_open"]]
    replied = [key_of(row) for row in table.to_dict("records") if row["change"] != "open"]
    assert sorted(standing) == sorted(replied)
    everything = [key_of(row) for row in table.to_dict("records")]
    assert len(set(everything)) == len(everything)
    again = answered(config, inputs(ACCOUNTS, alert=as_pulled(table, stands).to_dict("records"), **rows))
    assert set(again["change"]) <= {"keep"}
    living = table[table["change"] != "close"]
    assert plain(again) == plain(living)
    heads = table[(table["change"] == "open") & table["parent_rule_id"].isna() & table["account_id"].notna()]
    assert (heads.groupby("account_id").size() <= per_day).all()


@QUICK
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_rows_cannot_be_seen(told, chance):
    rows, before = told
    mixed = {name: chance.sample(some, len(some)) for name, some in rows.items()}
    config = alert_config(*SHIPPED)
    as_given = answered(config, inputs(ACCOUNTS, alert=before, **rows))
    otherwise = answered(config, inputs(chance.sample(ACCOUNTS, 3), alert=chance.sample(before, len(before)), **mixed))
    assert write_table("alert", as_given) == write_table("alert", otherwise)


@QUICK
@given(situations())
def test_whoever_is_folded_lies_under_a_head_of_the_same_account_and_cause(told):
    rows, before = told
    table = answered(alert_config(*SHIPPED), inputs(ACCOUNTS, alert=before, **rows))
    cause = {row["id"]: row["cause"] for row in SHIPPED}
    living = table[table["change"] != "close"]
    living = living.assign(cause=living["rule_id"].map(cause), account_id=living["account_id"].fillna(0))
    for _matter, own in living.groupby(["account_id", "cause"]):
        heads = own[own["parent_rule_id"].isna()]
        assert len(heads) == 1
        assert (own["parent_rule_id"].dropna() == heads["rule_id"].iloc[0]).all()
        order = ["info", "amber", "red"]
        assert own["severity"].map(order.index).max() == order.index(heads["severity"].iloc[0])


def test_ten_thousand_alerts_at_once():
    many = range(1, 10_001)
    told = inputs([account(number, key=1) for number in many], seat=[seat(number, 3) for number in many],
                  rhythm=[rhythm(number, 0, 36, 20, "2026-09-01", days_365=40) for number in many])
    table = answered(alert_config(*SHIPPED), told)
    assert table["change"].value_counts().to_dict() == {"open": 30_000}
    assert np.array_equal(np.unique(table["account_id"]), np.arange(1.0, 10_001.0))
