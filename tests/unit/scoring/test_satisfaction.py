"""What customers say: who counts, how much, and what their answers come to."""

import json
import math

import pandas as pd
import pytest
from scoring_tables import AS_OF, HASH, NAN, account, answer, pulled, request, row, run_config

from sync_worker.frames import Settings
from sync_worker.scoring import score
from sync_worker.scoring.satisfaction_table import satisfaction_table

HALF_A_YEAR = "2026-05-24"  # 180 days before 2026-11-20
QUARTER = "2026-08-22"  # 90 days before


def table(answers, requests=(), accounts=None, members=(7,), **settings):
    pull = pulled(accounts or [account(7), account(8)], answer=answers, request=requests)
    return satisfaction_table(pull, pd.Index(members, dtype="int64"), Settings(**settings), AS_OF)


def rows(answers, scope="account", **more):
    """The rows of one scope: {(subject, account, touchpoint): figures}, unknown as None."""
    found = table(answers, **more)
    found = found[found["scope"] == scope]
    keys = ["subject_id", "account_id", "touchpoint_id"]
    return {
        tuple(None if key != key else int(key) for key in key_of): {
            name: None if pd.isna(value) else value for name, value in figures.items()
        }
        for key_of, figures in zip(
            found[keys].itertuples(index=False, name=None), found.drop(columns=keys).to_dict("records"), strict=True
        )
    }


def of_account(answers, **more):
    return rows(answers, **more)[7, 7, None]


def anonymous(kind, counts):
    """So many anonymous answers of each value."""
    values = [value for value, count in counts.items() for _each in range(count)]
    return [answer(7, serial, kind, value) for serial, value in enumerate(values, 1)]


@pytest.mark.parametrize(
    ("source", "counts", "nps", "decimals"),
    [
        # 100 promoters, 30 passive and 80 detractors: 20 of 210, "a NPS of 9.5%"
        ("MeasuringU, blog/nps-ux", {10: 100, 8: 30, 2: 80}, 9.5, 1),
        # "if 50% of respondents were Promoters and 10% were Detractors": a score of 40
        ("Reputation, help: how is NPS calculated", {9: 50, 7: 40, 6: 10}, 40.0, 6),
        # 30 % promoters and 20 % detractors: "the NPS is +10"
        ("DELA, annual report 2018, definitions: net promoter score", {10: 30, 8: 50, 0: 20}, 10.0, 6),
    ],
)
def test_published_figures_of_nps(source, counts, nps, decimals):
    found = of_account(anonymous("nps", counts))
    assert round(found["nps"], decimals) == nps, source
    assert found["nps_answers"] == sum(counts.values())


@pytest.mark.parametrize(
    ("source", "counts", "percent"),
    [
        # 42 fives, 32 fours, 10 threes, 9 twos, 14 ones: 74 of 107, 69.16
        ("Delighted, help 240: how is CSAT calculated", {5: 42, 4: 32, 3: 10, 2: 9, 1: 14}, 69.16),
        # 10 fives, 20 fours, 10 threes, 5 twos, 5 ones: 30 of 50, 60 %
        ("Intercom, voc-metrics help 9647540: what is CSAT", {5: 10, 4: 20, 3: 10, 2: 5, 1: 5}, 60.0),
    ],
)
def test_published_figures_of_csat(source, counts, percent):
    found = of_account(anonymous("csat", counts))
    assert round(100 * found["csat"], 2) == percent, source
    assert found["csat_answers"] == sum(counts.values())


@pytest.mark.parametrize(
    ("value", "nps"),
    [(0, -100), (6, -100), (7, 0), (8, 0), (9, 100), (10, 100)],
)
def test_where_promoters_and_detractors_begin(value, nps):
    assert of_account([answer(7, 1, "nps", value, person=4)])["nps"] == nps


def test_each_kind_by_hand():
    # effort of 2 and of 5, where low is good: mean 3.5 on 1..7, points 83.333 and 33.333
    found = of_account(
        [
            answer(7, 1, "nps", 9),
            answer(7, 2, "nps", 8),
            answer(7, 3, "csat", 4),
            answer(7, 4, "csat", 3),
            answer(7, 5, "ces", 2, low_is_good=1),
            answer(7, 6, "ces", 5, low_is_good=1),
            answer(7, 7, "moment", 1),
            answer(7, 8, "moment", 0),
            answer(7, 9, "moment", 1),
        ]
    )
    assert (found["nps"], found["csat"], found["favourability"]) == (50.0, 0.5, 0.66666667)
    assert (found["ces"], found["ces_lowest"], found["ces_highest"], found["ces_low_is_good"]) == (3.5, 1, 7, 1)
    counts = ("nps_answers", "csat_answers", "ces_answers", "favourability_answers", "answers", "people")
    assert [found[name] for name in counts] == [2, 2, 2, 3, 9, 9]
    # (100 + 50 + 100 + 0 + 83.333333 + 33.333333 + 100 + 0 + 100) / 9 = 566.666667 / 9
    assert found["satisfaction"] == pytest.approx(62.962963, abs=1e-6)


@pytest.mark.parametrize(
    "other", [{"scale": (1, 5)}, {"low_is_good": 1}], ids=["another scale", "another direction"]
)
def test_an_effort_on_several_scales_has_no_mean_but_points(other):
    found = of_account([answer(7, 1, "ces", 4, person=1), answer(7, 2, "ces", 4, person=2),
                        answer(7, 3, "ces", 3, person=3, **other)])
    assert [found[name] for name in ("ces", "ces_lowest", "ces_highest", "ces_low_is_good")] == [None] * 4
    assert found["ces_answers"] == 3
    # 4 on 1..7 is half way, 50; 3 on 1..5 is 50; 3 on 1..7, where low is good, is 66.666667
    third = 50.0 if "scale" in other else 200 / 3
    assert found["satisfaction"] == pytest.approx((100.0 + third) / 3, abs=1e-6)


@pytest.mark.parametrize(
    "odd",
    [
        answer(7, 4, "nps", 5, scale=(1, 5)),
        answer(7, 4, "nps", 0, scale=(0, 100)),
        answer(7, 4, "csat", 10, scale=(0, 10)),
        answer(7, 4, "moment", 3, scale=(0, 5)),
        answer(7, 4, "nps", 0, low_is_good=1),
    ],
)
def test_what_was_asked_on_a_scale_of_another_kind_says_nothing(odd):
    usual = [answer(7, 1, value=9), answer(7, 2, value=9), answer(7, 3, value=3)]
    assert of_account([*usual, odd]) == of_account(usual)


def test_age_and_influence_by_hand():
    # high today: 2; low half a life ago: ¼; unknown two half lives ago: ¼; medium today: 1
    answers = [
        answer(7, 1, value=10, person=1, power="high"),
        answer(7, 2, value=0, person=2, power="low", date=HALF_A_YEAR),
        answer(7, 3, value=8, person=3, date="2025-11-25"),
        answer(7, 4, value=6, person=4, power="medium"),
    ]
    # (2·100 + ¼·0 + ¼·50 + 1·0) / 3.5 = 212.5 / 3.5; unweighted: one promotes, two detract, of four
    found = of_account(answers)
    assert found["satisfaction"] == pytest.approx(60.714286, abs=1e-6)
    assert found["nps"] == -25.0
    assert found["last_date"] == pd.Timestamp("2026-11-20")


def test_age_lowers_the_weight_and_never_the_value():
    answers = [answer(7, n, value=10, person=n, date="2019-01-01") for n in (1, 2, 3)]
    assert (of_account(answers)["satisfaction"], of_account(answers)["nps"]) == (100.0, 100.0)
    # 0.5^(2880 / 0.1) is no longer a number above zero; the index must not be 0/0
    assert of_account(answers, answer_half_life=0.1)["satisfaction"] == 100.0


def test_the_half_life_is_a_setting():
    answers = [answer(7, 1, value=10), answer(7, 2, value=10), answer(7, 3, value=0, date=HALF_A_YEAR)]
    # 200 / 2½, and with 90 days 200 / 2¼
    assert of_account(answers)["satisfaction"] == 80.0
    assert of_account(answers, answer_half_life=90)["satisfaction"] == pytest.approx(88.888889, abs=1e-6)


def test_the_latest_of_a_person_per_kind_and_touchpoint_counts():
    answers = [
        answer(7, 1, value=0, person=4, date="2026-10-01"),
        answer(7, 2, value=10, person=4, date="2026-11-01"),
        answer(7, 3, value=10, person=4, touchpoint=1, date="2026-09-01"),
        answer(7, 4, "csat", 5, person=4, date="2026-09-01"),
        answer(7, 5, value=0, person=4, date="2026-11-21"),  # tomorrow: not said yet
    ]
    found = of_account(answers)
    assert (found["nps"], found["nps_answers"], found["answers"], found["people"]) == (100.0, 2, 3, 1)
    assert found["last_date"] == pd.Timestamp("2026-11-01")


def test_of_two_on_one_day_the_one_with_the_higher_number_counts():
    assert of_account([answer(7, 9, value=10, person=4), answer(7, 8, value=0, person=4)])["nps"] == 100.0


def test_thousands_of_answers_from_one_person_are_one():
    flood = [answer(7, n, value=0, person=4, date="2026-11-19") for n in range(10, 5010)]
    others = [answer(7, 1, value=10, person=5), answer(7, 2, value=10, person=6), answer(7, 3, value=10, person=7)]
    found = of_account([*flood, *others])
    assert (found["nps"], found["nps_answers"], found["people"]) == (50.0, 4, 4)


def test_each_anonymous_answer_is_a_person_of_its_own_and_weighs_one():
    # whatever influence stands beside it
    answers = [answer(7, 1, value=10, power="high"), answer(7, 2, value=10, power="high"), answer(7, 3, value=0)]
    found = of_account(answers)
    assert (found["answers"], found["people"], found["satisfaction"]) == (3, 3, pytest.approx(200 / 3, abs=1e-6))


def figures_of(found):
    names = ("nps", "nps_answers", "csat", "csat_answers", "ces", "ces_answers", "favourability",
             "favourability_answers")
    return [found[name] for name in names]


def test_an_anonymous_answer_that_is_hidden_is_in_the_index_and_in_no_other_figure():
    named = [answer(7, 1, value=10, person=1, touchpoint=3), answer(7, 2, value=10, person=2)]
    one_of_each = [answer(7, 3, value=0, touchpoint=3), answer(7, 4, "csat", 1, touchpoint=5),
                   answer(7, 5, "ces", 2, touchpoint=5), answer(7, 6, "moment", 0, touchpoint=5)]
    found = rows(named + one_of_each)
    whole = found[7, 7, None]
    assert figures_of(whole) == [100.0, 2, None, 0, None, 0, None, 0]
    # 100, 100, 0, 0, a sixth of the way, 0
    assert whole["satisfaction"] == pytest.approx((200 + 100 / 6) / 6, abs=1e-6)
    assert (whole["answers"], whole["people"]) == (6, 6)
    # of touchpoint 3 what is shown, of 5 nothing
    assert set(found) == {(7, 7, None), (7, 7, 3)}
    assert figures_of(found[7, 7, 3]) == [100.0, 1, None, 0, None, 0, None, 0]
    assert (found[7, 7, 3]["answers"], found[7, 7, 3]["people"]) == (1, 1)
    months = json.loads(whole["series"])["months"]
    assert months[-1] == ["2026-11-20", pytest.approx(36.111111, abs=1e-6), 100.0, 6]


def test_the_fifth_anonymous_answer_shows_all_of_them():
    answers = [answer(7, n, value=0, touchpoint=3) for n in (1, 2, 3, 4)]
    assert set(rows(answers)) == {(7, 7, None)}
    found = rows([*answers, answer(7, 5, "csat", 5, touchpoint=5)])
    assert {key[2]: (told["nps"], told["csat"], told["answers"]) for key, told in found.items()} == {
        None: (-100.0, 1.0, 5), 3: (-100.0, None, 4), 5: (None, 1.0, 1)}


def test_above_accounts_a_figure_takes_in_hidden_answers_from_five_up():
    accounts = [account(number, tier=1.0 if number < 11 else 2.0) for number in range(7, 13)]
    # one anonymous detractor each, at the same moment; four of them in tier 1; a named promoter in each tier
    answers = [answer(number, number, value=0, touchpoint=3) for number in range(7, 12)]
    answers += [answer(7, 20, value=10, person=1, touchpoint=3), answer(12, 21, value=10, person=2, touchpoint=3)]
    by_tier = rows(answers, "tier", accounts=accounts)
    for tier, answered in ((1, 5), (2, 2)):
        assert (by_tier[tier, None, None]["nps"], by_tier[tier, None, None]["answers"]) == (100.0, answered)
        assert (by_tier[tier, None, 3]["nps"], by_tier[tier, None, 3]["answers"]) == (100.0, 1)
    # of the portfolio five are hidden: two promote and five detract
    portfolio = rows(answers, "portfolio", accounts=accounts)
    for touchpoint in (None, 3):
        assert portfolio[0, None, touchpoint]["nps"] == pytest.approx(-300 / 7, abs=1e-6)
        assert portfolio[0, None, touchpoint]["satisfaction"] == pytest.approx(200 / 7, abs=1e-6)
    # one of them about something else: four of NPS and one of CSAT, and none of them is told
    other = [{**said, "kind": "csat", "value": 1.0, "scale_min": 1.0, "scale_max": 5.0} if said["answer_id"] == 8
             else said for said in answers]
    assert figures_of(rows(other, "portfolio", accounts=accounts)[0, None, None])[:4] == [100.0, 2, None, 0]


@pytest.mark.parametrize(
    ("answers", "known"),
    [
        ([(1, "nps"), (2, "nps")], False),  # two answers
        ([(1, "nps"), (1, "csat"), (1, "ces")], False),  # three of one person
        ([(1, "nps"), (1, "csat"), (2, "nps")], True),
    ],
)
def test_too_few_answers_or_people_have_no_index_but_the_rest(answers, known):
    said = [answer(7, n, kind, SCALES_TOP[kind], person=who) for n, (who, kind) in enumerate(answers, 1)]
    found = of_account(said)
    assert (found["satisfaction"] is not None) == known
    assert (found["nps"], found["answers"]) == (100.0, len(answers))


SCALES_TOP = {"nps": 10, "csat": 5, "ces": 7}


def test_a_contact_needs_three_answers_and_nobody_else():
    three = [answer(7, n, kind, top, person=4) for n, (kind, top) in enumerate(SCALES_TOP.items(), 1)]
    assert rows(three, "contact")[4, 7, None]["satisfaction"] == 100.0
    assert rows(three[:2], "contact")[4, 7, None]["satisfaction"] is None


def test_a_person_who_was_deleted_has_no_row_and_changes_no_figure_of_the_account():
    answers = [answer(7, n, value=value, person=n, power="high") for n, value in ((1, 10), (2, 3), (3, 8))]
    gone = [{**said, "is_named": 0} if said["person"] == 2 else said for said in answers]
    assert of_account(gone) == of_account(answers)
    assert set(rows(answers, "contact")) == {(1, 7, None), (2, 7, None), (3, 7, None)}
    assert set(rows(gone, "contact")) == {(1, 7, None), (3, 7, None)}


def test_a_person_who_moved_has_a_row_at_each_account_and_counts_once_above_them():
    answers = [answer(7, 1, value=0, person=4, date="2026-01-01"), answer(8, 2, value=10, person=4)]
    tiers = [account(7, tier=1.0), account(8, tier=1.0)]
    contacts = rows(answers, "contact", accounts=tiers)
    assert {key: found["nps"] for key, found in contacts.items()} == {(4, 7, None): -100.0, (4, 8, None): 100.0}
    assert rows(answers, "portfolio", accounts=tiers)[0, None, None]["nps"] == 100.0
    assert rows(answers, "tier", accounts=tiers)[1, None, None]["people"] == 1


def test_tiers_and_portfolio_are_made_of_all_answers_of_their_accounts():
    accounts = [account(7, tier=1.0), account(8, tier=1.0), account(9, tier=2.0), account(10)]
    answers = [answer(number, number, value=value, person=number)
               for number, value in ((7, 10), (8, 9), (9, 0), (10, 8))]
    # of four: two promote, one detracts
    whole = rows(answers, "portfolio", accounts=accounts)
    assert (whole[0, None, None]["nps"], whole[0, None, None]["answers"]) == (25.0, 4)
    assert whole[0, None, None]["satisfaction"] == 62.5
    by_tier = rows(answers, "tier", accounts=accounts)
    assert {key[0]: found["nps"] for key, found in by_tier.items()} == {1: 100.0, 2: -100.0}


def test_answers_of_confidential_accounts_stay_theirs():
    """They are told of the person and the account, and nobody learns them from the tier, the portfolio or a moment."""
    accounts = [account(7, tier=1.0, confidential=1), account(8, tier=1.0), account(9, tier=2.0, confidential=1)]
    answers = [answer(number, number, value=value, person=number, touchpoint=3)
               for number, value in ((7, 0), (8, 9), (9, 0))]
    requests = [request(number, number, asked=4, answered=1) for number in (7, 8, 9)]
    assert rows(answers, "contact", accounts=accounts)[7, 7, None]["nps"] == -100.0
    assert rows(answers, accounts=accounts, requests=requests)[9, 9, None]["asked"] == 4
    whole = rows(answers, "portfolio", accounts=accounts, requests=requests)
    assert {key: (found["nps"], found["answers"], found["asked"]) for key, found in whole.items()} == {
        (0, None, None): (100.0, 1, 4), (0, None, 3): (100.0, 1, 0)}
    assert json.loads(whole[0, None, None]["series"])["months"][-1] == ["2026-11-20", None, 100.0, 1]
    assert set(rows(answers, "tier", accounts=accounts, requests=requests)) == {(1, None, None), (1, None, 3)}


def test_an_addon_of_before_does_not_say_which_accounts_are_confidential():
    accounts = [account(7, tier=1.0, confidential=NAN), account(8, tier=1.0, confidential=NAN)]
    answers = [answer(number, number, value=10, person=number) for number in (7, 8)]
    assert rows(answers, "portfolio", accounts=accounts)[0, None, None]["answers"] == 2


def test_by_touchpoint():
    answers = [
        answer(7, 1, "csat", 5, person=1, touchpoint=3),
        answer(7, 2, "csat", 1, person=2, touchpoint=3),
        answer(7, 3, "csat", 1, person=1, touchpoint=5),
        answer(7, 4, "csat", 5, person=3),
    ]
    found = rows(answers)
    assert {key[2]: (told["csat"], told["answers"]) for key, told in found.items()} == {
        None: (0.5, 4), 3: (0.5, 2), 5: (0.0, 1)}
    assert {key[2] for key in rows(answers, "portfolio")} == {None, 3, 5}
    assert {key[2] for key in rows(answers, "contact")} == {None}


def test_who_was_asked_and_who_answered():
    requests = [request(7, 4, 3, 1), request(7, NAN, 1, 1), request(8, 5, 2, 0)]
    found = rows([answer(7, 1, person=4)], requests=requests)
    asked = {key[0]: (told["asked"], told["answered"], told["response_rate"]) for key, told in found.items()}
    assert asked == {7: (4, 2, 0.5), 8: (2, 0, 0.0)}
    # 8 was only asked: nothing else is known of it
    assert (found[8, 8, None]["answers"], found[8, 8, None]["nps"], found[8, 8, None]["last_date"]) == (0, None, None)
    whole = rows([answer(7, 1, person=4)], "portfolio", requests=requests)
    assert whole[0, None, None]["response_rate"] == 0.33333333
    contacts = rows([], "contact", requests=requests)
    assert {key[:2] for key in contacts} == {(4, 7), (5, 8)}


def test_nobody_asked_and_nobody_answered():
    assert table([]).empty
    found = rows([answer(7, 1)], requests=[])[7, 7, None]
    assert (found["asked"], found["answered"], found["response_rate"]) == (0, 0, None)
    assert rows([], requests=[request(7, 4, 0, 0)])[7, 7, None]["response_rate"] is None


def test_the_trend_is_the_index_less_that_of_ninety_days_before():
    # on 22 August: two promote, one detracts: 66.666667, all of that day. Today person 3 promotes too, and the two are
    # 90 days old: all 100
    then = [answer(7, n, value=value, person=n, date=QUARTER) for n, value in ((1, 9), (2, 9), (3, 2))]
    found = of_account([*then, answer(7, 4, value=9, person=3)])
    assert (found["satisfaction"], found["trend"]) == (100.0, pytest.approx(33.333333, abs=1e-6))
    # a day later than 90 days ago there is nothing to compare with
    late = [{**said, "date": "2026-08-23"} for said in then]
    assert of_account([*late, answer(7, 4, value=9, person=3)])["trend"] is None


def test_the_series_by_hand():
    answers = [
        answer(7, 1, value=9, person=1, date="2026-09-30"),
        answer(7, 2, value=2, person=2, date="2026-10-01"),
        answer(7, 3, value=9, person=3, date="2026-10-31"),
        answer(7, 4, value=9, person=2, date="2026-11-02"),
    ]
    months = json.loads(of_account(answers)["series"])["months"]
    assert len(months) == 13
    assert months[0] == ["2025-11-30", None, None, 0]
    assert months[10] == ["2026-09-30", None, 100.0, 1]
    # weights 0.5^(31/180), 0.5^(30/180), 1; two of them promote
    weights = [0.5 ** (31 / 180), 0.5 ** (30 / 180), 1.0]
    index = 100 * (weights[0] + weights[2]) / sum(weights)
    assert months[11] == ["2026-10-31", pytest.approx(index, abs=1e-6), pytest.approx(100 / 3, abs=1e-6), 3]
    assert months[12] == ["2026-11-20", 100.0, 100.0, 3]


def test_series_belong_to_accounts_that_are_told_in_full_and_to_what_is_above_them():
    found = table([answer(7, 1, touchpoint=3), answer(8, 2, touchpoint=3)],
                  accounts=[account(7, tier=1.0), account(8)], members=[7])
    told = found[found["series"].notna()]
    keys = told[["scope", "subject_id", "touchpoint_id"]].astype(object).to_numpy().tolist()
    assert [key[:2] for key in keys] == [["account", 7], ["tier", 1], ["portfolio", 0]]
    assert all(math.isnan(key[2]) for key in keys)


def test_the_score_repeats_the_figures_and_names_what_weighs_most():
    answers = [
        answer(7, 1, value=9, person=1, power="high"),
        answer(7, 2, value=7, person=2, power="low"),
        answer(7, 3, value=3, person=3),
        *(answer(7, n, value=10, date=HALF_A_YEAR) for n in (4, 5, 6)),
    ]
    results = score(pulled([account(7, key=1)], answer=answers), run_config(), AS_OF, HASH)
    # weights 2, ½, 1, ½, ½, ½: 5 in all; 200 + 25 + 0 + 150 = 375: 75. The three anonymous ones are in no NPS
    found = row(results, 7)
    assert (found["satisfaction"], found["nps"]) == (75.0, 0.0)
    told = json.loads(found["explanation"])
    assert told["parts"][7] == [75.0, "2026-11-20", 75.0, 75.0]
    # of equal weights the newer first
    assert told["answers"] == [[1, 0.4, 100.0], [3, 0.2, 0.0], [2, 0.1, 50.0], [6, 0.1, None], [5, 0.1, None]]


def test_few_answers_say_so():
    results = score(pulled([account(7, key=1)], answer=[answer(7, 1, person=4)]), run_config(), AS_OF, HASH)
    told = json.loads(row(results, 7)["explanation"])
    assert told["parts"][7] == "few_answers" and "answers" not in told
    assert row(results, 7)["nps"] == 100.0
