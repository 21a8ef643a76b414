"""Values of KPIs as people read them, in sentences and on the screen alike.

The browser writes the same in static/src/fields/kam_kpi_number.js: no decimals that say nothing (50%, but 50.3%), and
amounts in whole units.
"""
from odoo.tools import format_amount
from odoo.tools.misc import formatLang

# Decimals by unit of a KPI, where there are any to write.
DIGITS = {'percent': 1, 'days': 1, 'score': 1}


def brief(env, value, digits):
    """A number with up to so many decimals: all of them, or none where they are zero."""
    return formatLang(env, value, digits=0 if round(value, digits) == round(value) else digits)


def days(env, value, digits=0):
    # By what is written: 1.4 days without decimals are "1 day".
    return env._("1 day") if round(value, digits) == 1 else env._("%s days", brief(env, value, digits))


def percent(env, value, digits=1):
    """Of a part from 0 to 1."""
    return env._("%(value)s%%", value=brief(env, value * 100, digits))


def figure(env, unit, value, currency):
    """A known value of a KPI in its unit; `currency` is that of amounts."""
    if unit == 'amount':
        return format_amount(env, round(value), currency, trailing_zeroes=False)
    if unit == 'percent':
        return percent(env, value)
    if unit == 'days':
        return days(env, value, DIGITS['days'])
    return brief(env, value, DIGITS.get(unit, 2))
