"""Every figure of the methodology that is no setting, named once.

What people may change is in the run's configuration (`sync_worker.frames.config`), never here.
"""

from __future__ import annotations

# selection (methodology, section 2: comparison set, factor score)
COMPARED_PER_CAPACITY = 3
"""The largest accounts by revenue, up to this many times the capacity, belong to the comparison set."""
PERCENTILE_MEMBERS = 10
"""Under so many known members a percentile says nothing: fixed bounds are used."""
KNOWN_SHARE = 0.5
"""A score of which less than this share of the weight is known is unknown; so is a margin of which less than this share
of the revenue has a known cost, unless a default margin stands in for the rest."""

# opinions
RATING_LOW, RATING_HIGH = 1.0, 10.0
OWN_MANAGER_WEIGHT = 0.5
"""The account's own manager weighs half: nobody marks their own homework in full."""
STRATEGIC_VALUE = "strategic_value"
"""The code of the factor whose opinions are the strategic value."""

# satisfaction
ANSWER_SCALES = {"nps": (0.0, 10.0), "csat": (1.0, 5.0), "moment": (0.0, 1.0)}
"""The scale of each kind of answer; a CES stands on a scale of its own."""
NPS_PROMOTER, NPS_DETRACTOR = 9.0, 6.0
"""From this answer on a promoter, up to this one a detractor, passive between."""
NPS_POINTS = {"promoter": 100.0, "passive": 50.0, "detractor": 0.0}
CSAT_SATISFIED = 4.0
FAVOURABLE = 1.0
GOOD_POINTS, BAD_POINTS = 100.0, 0.0
"""Of an answer that is only good or not: a CSAT and a moment of truth."""
FEWEST_ANSWERS, FEWEST_PEOPLE = 3, 2
"""Under so many answers, or people where several could answer, there is no index."""
TREND_DAYS = 90
SERIES_MONTHS = 12

# people
INFLUENCE = {"low": 0.5, "medium": 1.0, "high": 2.0}
UNKNOWN_INFLUENCE = 1.0
"""Of people whose influence nobody has said, and of anonymous answers."""
SHOWN_FROM = 5
"""So many anonymous answers of an account are shown; fewer are hidden, and no figure but the index takes them in."""
EMPTY_ROLE_INFLUENCE = 2.0
"""An empty role that the tier requires counts as somebody of high influence whom we don't know."""
STRENGTH_RECENT, STRENGTH_OFTEN, STRENGTH_BOTH_WAYS = 40.0, 30.0, 30.0
"""What the recency, the frequency and the reciprocity of contacts can bring to the relationship of a person."""
FEWEST_THREADS = 2
"""With fewer people in touch, of theirs or of ours, all hangs on one."""
NAMED = 5
"""So many answers and people are named in an explanation: those that weigh most."""

# concentration
TOP = 5

# health: figure -> points, straight lines between
SALES_PACE = ((60.0, 0.0), (85.0, 50.0), (95.0, 75.0), (105.0, 100.0))
PIPELINE_COVERAGE = ((0.0, 0.0), (1.0, 50.0), (2.0, 75.0), (3.0, 100.0))
OBJECTIVE_POINTS = {"on_track": 100.0, "achieved": 100.0, "at_risk": 60.0, "off_track": 20.0, "missed": 20.0}
GUARD_UNDER = 25.0
GUARD_STRONG = ("sales", "satisfaction")
GUARD_STRONG_CAP, GUARD_CAP = 49.0, 74.0
BAND_AMBER, BAND_GREEN = 50.0, 75.0

# key figures
KPI_MONTHS = 25
"""So many months are told, the current one among them; as many years and quarters as begin in them."""
SINCE_MONTHS = 12
"""An account since its nomination: so many whole months at most."""
LARGEST = 1e15
"""From here on a number is no figure of a business, and no column takes it."""

# alerts: what a rule does not carry itself
DROP_DAYS = 7
"""Over so many days a drop is measured where the rule does not say; the history calls these `week`."""
EVENT_DAYS, ANSWER_DAYS, TRUST_DAYS, OPINION_DAYS, AHEAD_DAYS = 90, 90, 180, 365, 30
"""How long somebody's leaving and a bad answer are news, over what trust is compared, from when opinions are old, and
how far ahead a date is near."""
DECIDER, TRUST = "decider", "trust"
"""The role whose answers are watched, and the aspect of a relation that is."""
ORDER_DAYS, ORDER_BASE_DAYS = 60, 180
"""The ordering days of the first many days are held against those of the second many, scaled to as many days."""
ORDER_EXPECTED, ORDER_CHANCE = 6.0, 0.05
"""With fewer expected ordering days a gap says nothing; and what a steady customer would do more often than this says
nothing either."""
ORDER_LOW, ORDER_VERY_LOW, ORDER_BACK = 70.0, 40.0, 85.0
"""Percent of the expected ordering days: an alert, a grave one, and when all is well again."""
FEWEST_ORDER_DAYS = 3
"""Two gaps between ordering days are the least that can be called a rhythm."""
ORDER_MARGIN_DAYS = 6
"""By so many days a silence must be longer than the longest gap: on the seventh it is an alert."""
CONCENTRATION_STEP = 0.05
"""A concentration that was dealt with is told again once it has grown by so much, or into a higher band."""

# what is shown
MOVED = 1e-6
"""A score that changed by less has not moved."""
SCORE_DECIMALS, SHARE_DECIMALS, PERCENT_DECIMALS = 6, 8, 6
PART_DECIMALS = 8
"""Parts are kept finer than scores, so that their rounded contributions still sum to the rounded score."""
