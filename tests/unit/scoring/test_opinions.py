"""Who counts, and how much, when people say what they think of a customer."""

import math

import pandas as pd
import pytest
from scoring_tables import AS_OF, opinion

from sync_worker.frames import Settings
from sync_worker.frames.reader import empty
from sync_worker.frames.schemas import SECTIONS
from sync_worker.scoring.opinions import opinion_means
from sync_worker.scoring.reasons import Reason

NOBODY = float("nan")
HALF_A_YEAR = "2026-05-24"  # 180 days before 2026-11-20: 7+30+31+31+30+31 = 160 days to 31 Oct, and 20 more


def means(opinions, manager=NOBODY):
    frame = pd.DataFrame(opinions) if opinions else empty(SECTIONS["opinion"])
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    return opinion_means(frame, pd.Series({7: manager}), Settings(), AS_OF)


def only(opinions, manager=NOBODY):
    found = means(opinions, manager)
    assert len(found) == 1
    return found.iloc[0]


def test_age_lowers_the_weight_and_never_the_value():
    assert only([opinion(7, 1, 8.0, date=HALF_A_YEAR)])["raw"] == 8.0


def test_an_opinion_of_one_half_life_ago_weighs_half():
    # (10·1 + 4·½) / 1½ = 12 / 1.5 = 8
    found = only([opinion(7, 1, 10.0, rater=1), opinion(7, 1, 4.0, rater=2, date=HALF_A_YEAR)])
    assert found["raw"] == pytest.approx(8.0, abs=1e-12)
    assert (found["raters"], found["spread"], found["date"]) == (2, 6.0, pd.Timestamp("2026-11-20"))


def test_the_accounts_own_manager_weighs_half():
    # rater 5 manages the account: (9·½ + 3·1) / 1½ = 7.5 / 1.5 = 5
    opinions = [opinion(7, 1, 9.0, rater=5), opinion(7, 1, 3.0, rater=2)]
    assert only(opinions, manager=5)["raw"] == pytest.approx(5.0, abs=1e-12)
    # nobody's manager: (9 + 3) / 2 = 6
    assert only(opinions)["raw"] == pytest.approx(6.0, abs=1e-12)


def test_the_manager_alone_is_heard_in_full():
    assert only([opinion(7, 1, 9.0, rater=5)], manager=5)["raw"] == 9.0


def test_only_the_latest_of_each_rater_counts():
    found = only([opinion(7, 1, 2.0, date="2026-10-01"), opinion(7, 1, 6.0, date="2026-10-02")])
    assert (found["raw"], found["raters"], found["spread"]) == (6.0, 1, 0.0)


def test_of_two_on_one_day_the_later_entered_counts():
    found = only([opinion(7, 1, 2.0, serial=2), opinion(7, 1, 6.0, serial=1)])
    assert found["raw"] == 2.0


@pytest.mark.parametrize(
    ("date", "reason"),
    [
        ("2025-05-20", Reason.KNOWN),  # exactly 18 months before 2026-11-20: not over
        ("2025-05-19", Reason.TOO_OLD),
    ],
)
def test_over_eighteen_months_old_it_no_longer_counts(date, reason):
    found = only([opinion(7, 1, 8.0, date=date)])
    assert found["reason"] == reason
    assert math.isnan(found["raw"]) == (reason == Reason.TOO_OLD)


def test_an_old_opinion_does_not_come_back_because_a_newer_one_exists_elsewhere():
    found = only([opinion(7, 1, 8.0, rater=1, date="2025-01-01"), opinion(7, 1, 4.0, rater=2)])
    assert (found["raw"], found["raters"]) == (4.0, 1)


def test_what_will_be_said_tomorrow_does_not_count_today():
    assert means([opinion(7, 1, 8.0, date="2026-11-21")]).empty


def test_nobody_said_anything():
    assert means([]).empty


def test_a_half_life_of_a_day_leaves_old_opinions_their_value():
    frame = pd.DataFrame([opinion(7, 1, 8.0, date="2025-06-01")])
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    # 0.5^(537 / 0.1) is no longer a number above zero; the value must still be 8 and not 0/0
    found = opinion_means(frame, pd.Series({7: NOBODY}), Settings(opinion_half_life=0.1), AS_OF)
    assert found["raw"].tolist() == [8.0]
