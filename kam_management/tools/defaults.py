"""The settings that a company starts with. The one place where they stand.

Units: cuts, `time_*`, `stage_*`, `pareto_*`, `pace_*`, `concentration_*`, `dependence_wallet`, `default_margin` are percent;
half-lives and `contact_cadence` are days, `opinion_max_age` and `window_months` months; `dependence_sales` is divided
by the capacity. `False` is unknown.
"""

# Contacts with people are counted over this many days.
CONTACT_WINDOW = 90

SETTINGS = {
    'revenue_source': 'best',
    'window_months': 12,
    'default_margin': False,
    'refresh_hours': 24,
    'quadrant_cut': 50.0,
    'pareto_a': 80.0,
    'pareto_b': 95.0,
    'capacity': 25,
    'manager_capacity': 10,
    'willingness_gate': 40.0,
    'opinion_half_life': 180,
    'opinion_max_age': 18,
    'answer_half_life': 180,
    'contact_cadence': 90,
    'pace_amber': 95.0,
    'pace_red': 85.0,
    'pace_quiet': 20.0,
    'few_deals': 5,
    'alerts_per_day': 3,
    'dependence_sales': 0.5,
    'dependence_wallet': 30.0,
    'dependence_quality': 50.0,
    'concentration_one_warning': 15.0,
    'concentration_one_critical': 50.0,
    'concentration_one_extreme': 80.0,
    'concentration_five_warning': 40.0,
    'concentration_five_critical': 80.0,
    'time_trust': 40.0,
    'time_needs': 30.0,
    'time_presentation': 20.0,
    'time_closing': 10.0,
    'stage_cooperative': 15.0,
    'stage_interdependent': 35.0,
    'stage_integrated': 60.0,
}
