"""The door: a page that keeps to the contract comes in typed; one that does not is refused by its rows."""

import pickle
import re

import numpy as np
import pandas as pd
import pytest
from scoring_tables import AS_OF, HASH, account, fact, pulled, run_config

from sync_worker.frames import FrameError, Pull, Results, RunConfig, read_section, write_table
from sync_worker.scoring import score

FACT_HEADER = (
    "account_id,kpi_id,value_now,documents_now,unknown_now,value_before,documents_before,unknown_before,"
    "documents,first_date,last_date\n"
)


def test_empty_fields_are_unknown_and_zero_is_zero():
    frame = read_section("fact", (FACT_HEADER + "7,3,,0,0,0,0,0,4,,2026-11-01\n").encode())
    assert np.isnan(frame["value_now"][0]) and frame["value_before"][0] == 0.0
    assert pd.isna(frame["first_date"][0]) and frame["last_date"][0] == pd.Timestamp("2026-11-01")


def test_a_page_without_rows_is_an_empty_frame_of_the_same_types():
    filled = read_section("fact", (FACT_HEADER + "7,3,1,1,0,1,1,0,4,2026-11-01,2026-11-01\n").encode())
    none = read_section("fact", FACT_HEADER.encode())
    assert len(none) == 0 and list(none.dtypes) == list(filled.dtypes)


def test_columns_may_come_in_another_order_and_new_ones_are_passed_over():
    frame = read_section(
        "account",
        b"extra,key_since,is_confidential,tier_id,manager_id,is_active,is_candidate,is_key,account_id\n"
        b"x,2026-03-10,0,2,5,1,0,1,7\n",
    )
    assert frame.to_dict("records") == [
        {"account_id": 7, "is_key": 1, "is_candidate": 0, "is_active": 1, "manager_id": 5.0, "tier_id": 2.0,
         "is_confidential": 0.0, "key_since": pd.Timestamp("2026-03-10")}
    ]


def test_a_column_that_an_addon_of_before_does_not_have_is_unknown_throughout():
    frame = read_section("account", b"account_id,is_key,is_candidate,is_active,manager_id\n7,1,0,1,5\n")
    assert frame["tier_id"].isna().all() and frame["is_confidential"].isna().all()
    assert Pull.from_pages({"account": [frame]}).account["tier_id"].isna().all()


ANSWER_HEADER = (
    "account_id,answer_id,person,is_named,power,kind,value,scale_min,scale_max,low_is_good,date,touchpoint_id\n"
)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("7,2,4,1,high,nps,11,0,10,0,2026-11-01,", "row 2: value is out of its scale (11 on 0 to 10)"),
        ("7,2,4,1,high,nps,-1,0,10,0,2026-11-01,", "row 2: value is out of its scale (-1 on 0 to 10)"),
        ("7,2,4,1,high,ces,5,7,1,1,2026-11-01,", "row 2: scale_min is not under scale_max (7 to 1)"),
        ("7,2,4,1,high,ces,5,5,5,1,2026-11-01,", "row 2: scale_min is not under scale_max (5 to 5)"),
        ("7,2,4,1,high,nps,NaN,0,10,0,2026-11-01,", "row 2: value is not a number (NaN)"),
        ("7,2,4,1,high,nps,,0,10,0,2026-11-01,", "row 2: value is empty"),
        ("7,2,4,1,high,nps,inf,0,10,0,2026-11-01,", "row 2: value is infinite (inf)"),
        ("7,2,4,1,high,mood,9,0,10,0,2026-11-01,", "row 2: kind is none of nps, csat, ces, moment (mood)"),
        ("7,2,4,1,huge,nps,9,0,10,0,2026-11-01,", "row 2: power is none of low, medium, high (huge)"),
        ("7,2,4,1,high,nps,9,0,10,0,,", "row 2: date is empty"),
        ("7,1,4,1,high,nps,9,0,10,0,2026-11-01,", "row 2: answer_id stand twice"),
    ],
)
def test_an_answer_that_can_not_be_is_named_with_its_reason(line, reason):
    page = ANSWER_HEADER + "7,1,4,1,,nps,10,0,10,0,2026-11-01,\n" + line + "\n"
    with pytest.raises(FrameError) as refused:
        read_section("answer", page.encode())
    assert reason in refused.value.reasons
    assert 2 in refused.value.rows and refused.value.table == "answer"


def test_all_answers_out_of_scale_are_named_at_once():
    lines = [f"7,{n},4,1,,nps,{value},0,10,0,2026-11-01,\n" for n, value in ((1, 12), (2, 9), (3, 40))]
    with pytest.raises(FrameError) as refused:
        read_section("answer", (ANSWER_HEADER + "".join(lines)).encode())
    assert refused.value.rows == [1, 3]


def test_nobody_answers_more_than_was_asked():
    page = b"account_id,person,is_named,asked,answered\n7,4,1,2,2\n7,,0,2,3\n"
    with pytest.raises(FrameError, match=r"request: row 2: answered is over asked \(3 of 2\)"):
        read_section("request", page)

@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x,3,1,1,0,1,1,0,4,,", "row 2: account_id is not a whole number (x)"),
        (",3,1,1,0,1,1,0,4,,", "row 2: account_id is empty"),
        ("8,3,abc,1,0,1,1,0,4,,", "row 2: value_now is not a number (abc)"),
        ("8,3,NaN,1,0,1,1,0,4,,", "row 2: value_now is not a number (NaN)"),
        ("8,3,1,1.5,0,1,1,0,4,,", "row 2: documents_now is not a whole number (1.5)"),
        ("8,3,1,-1,0,1,1,0,4,,", "row 2: documents_now is under 0 (-1)"),
        ("8,3,inf,1,0,1,1,0,4,,", "row 2: value_now is infinite (inf)"),
        ("8,3,1,1,0,1,1,0,4,2026-02-30,", "row 2: first_date is not a date (2026-02-30)"),
        ("8,3,1,1,0,1,1,0,4,soon,", "row 2: first_date is not a date (soon)"),
        (
            "99999999999999999999,3,1,1,0,1,1,0,4,,",
            "row 2: account_id is not a whole number (99999999999999999999)",
        ),
        ("7,3,1,1,0,1,1,0,4,,", "row 2: account_id and kpi_id stand twice"),
    ],
)
def test_a_bad_row_is_named_with_its_reason(line, reason):
    page = FACT_HEADER + "7,3,1,1,0,1,1,0,4,,\n" + line + "\n"
    with pytest.raises(FrameError) as refused:
        read_section("fact", page.encode())
    assert reason in refused.value.reasons
    assert 2 in refused.value.rows and refused.value.table == "fact"


def test_all_bad_rows_are_named_at_once():
    page = b"account_id,is_key,is_candidate,is_active,manager_id\n1,2,0,1,\n2,0,0,1,\n3,0,5,1,\n"
    with pytest.raises(FrameError) as refused:
        read_section("account", page)
    assert refused.value.rows == [1, 3]


def test_a_missing_column_is_named():
    with pytest.raises(FrameError, match="column manager_id is missing"):
        read_section("account", b"account_id,is_key,is_candidate,is_active\n1,0,0,1\n")


def test_bytes_that_are_no_csv_are_refused():
    with pytest.raises(FrameError):
        read_section("account", b"\xff\xfe\x00\x01")


def test_the_refusal_survives_a_process_boundary():
    error = pickle.loads(pickle.dumps(FrameError("fact", [2], ["row 2: kpi_id is empty"])))
    assert (error.table, error.rows, error.reasons) == ("fact", [2], ["row 2: kpi_id is empty"])


def test_numbers_beyond_two_to_the_31_come_through():
    big = 2**31 + 5
    frame = read_section(
        "account", f"account_id,is_key,is_candidate,is_active,manager_id\n{big},0,0,1,{big}\n".encode()
    )
    assert frame["account_id"][0] == big and frame["manager_id"][0] == big


def test_a_row_that_came_on_two_pages_is_refused():
    page = pd.DataFrame([account(7)])
    with pytest.raises(FrameError, match="stand twice"):
        Pull.from_pages({"account": [page, page]})


def test_a_fact_about_an_account_that_was_not_pulled_is_refused_because_it_is_revenue():
    with pytest.raises(FrameError, match="account 8 is not among the accounts"):
        pulled([account(7)], [fact(8, 1, 10.0)])


def test_an_opinion_about_an_account_that_has_left_is_left_out():
    stray = {
        "account_id": 8,
        "factor_id": 1,
        "rater_id": 1,
        "value": 5,
        "date": "2026-01-01",
        "opinion_id": 1,
    }
    assert len(pulled([account(7)], opinions=[stray]).opinion) == 0


def test_a_section_that_the_worker_does_not_know_is_refused():
    with pytest.raises(FrameError, match="weather"):
        Pull.from_pages({"weather": []})


def test_what_is_written_has_whole_numbers_empty_fields_and_quoted_json():
    results = score(pulled([account(7, key=1), account(8)], [fact(7, 1, 10.5)]), run_config(), AS_OF, HASH)
    lines = write_table("score", results.score).decode().splitlines()
    first = lines[1].split(",")
    # account 7: revenue 10.5 and 0 before, growth unknown; rank 1 is a whole number
    assert first[:4] == ["7", "10.5", "0.0", ""]
    assert first[10] == "1"
    assert '"{""parts"":[' in lines[1]
    assert not re.search(r"\b(nan|NaN|NaT|None)\b|<NA>", "\n".join(lines))


def test_zero_has_no_sign():
    results = score(pulled([account(7)]), run_config(), AS_OF, HASH)
    assert b"-0.0" not in write_table("score", results.score.assign(revenue=-0.0))


def test_slices_of_a_table_are_the_same_lines():
    results = score(pulled([account(n) for n in range(1, 8)]), run_config(), AS_OF, HASH)
    whole = write_table("score", results.score).decode().splitlines()
    halves = [
        write_table("score", results.score.iloc[part]).decode().splitlines()
        for part in (slice(0, 3), slice(3, 9))
    ]
    assert whole == halves[0] + halves[1][1:]


def test_results_out_of_range_never_leave():
    results = score(pulled([account(7)]), run_config(), AS_OF, HASH)
    with pytest.raises(FrameError, match="health is over 100"):
        Results(score=results.score.assign(health=101.0), portfolio=results.portfolio)


@pytest.mark.parametrize(
    "change",
    [
        {"factors": [{"id": 1, "code": "a", "dimension": "position", "weight": -1, "source": "opinion"}]},
        {
            "factors": [
                {"id": n, "code": "a", "dimension": "position", "weight": 1, "source": "opinion"}
                for n in (1, 2)
            ]
        },
        {"settings": {"capacity": 0}},
        {"settings": {"opinion_half_life": 0}},
        {"version": 2},
    ],
)
def test_a_configuration_that_makes_no_sense_is_refused(change):
    with pytest.raises(ValueError):
        RunConfig.model_validate({"company": {"id": 1, "currency": "EUR", "digits": 2}, **change})


def test_the_configuration_is_frozen():
    with pytest.raises(ValueError):
        run_config().settings.capacity = 3


def test_a_history_refers_to_a_run_a_week_or_so_many_days_before():
    header = "account_id,reference,as_of,config_hash,codes,explanation,attractiveness,position,willingness," \
             "strategic_value,financial_value,health\n"
    for reference in ("run", "week", "days_30", "days_180"):
        row = f"7,{reference},2026-10-01,,,,,,,,,50\n"
        assert read_section("history", (header + row).encode())["reference"].tolist() == [reference]
    with pytest.raises(FrameError, match="is none of run, week and days_N"):
        read_section("history", (header + "7,days_,2026-10-01,,,,,,,,,50\n").encode())


def test_a_target_is_of_a_month():
    header = "account_id,kpi_id,period_start,target,budget\n"
    assert len(read_section("target", (header + "7,3,2026-10-01,100,\n").encode())) == 1
    with pytest.raises(FrameError, match="not the first day of a month"):
        read_section("target", (header + "7,3,2026-10-02,100,\n").encode())


def test_an_alert_may_be_about_the_company_and_a_peer_about_anybody():
    alert = "alert_id,rule_id,account_id,subject,is_open,opened,closed,severity,value,parent_rule_id\n" \
            "1,5,,,1,2026-11-01,,red,60,\n"
    peer = "account_id,codes,explanation\n99,a b,{}\n"
    pull = Pull.from_pages({"alert": [read_section("alert", alert.encode())],
                            "peer": [read_section("peer", peer.encode())]})
    assert pull.alert["severity"].tolist() == ["red"]
    assert pull.peer["account_id"].tolist() == [99]
