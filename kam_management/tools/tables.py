"""The tables of the contract: their columns, types and the checks that a row must pass.

This is the one place that knows them; pulling, staging and publishing all read it. See docs/developers/contract.md.
"""
from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class Kind(NamedTuple):
    """A kind of column: its PostgreSQL type, what its text must match, and a condition on the typed value.

    ``check`` has one ``{}`` for the column; it must hold for a value that is known.
    """
    sql_type: str
    pattern: str
    check: str = ''
    rule: object = ''  # a sentence that follows a value, translated when it is said


_NUMBER = r'^\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,2})?\s*$'
_INTEGER = r'^\s*(\d{1,9}|1\d{9})\s*$'  # under 2³¹
_DATE = r'^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$'
_FINITE = "abs({}) < 1e15"

KINDS = {
    'id': Kind('int4', _INTEGER, "{} > 0", _lt("is no positive whole number")),
    'count': Kind('int4', _INTEGER, "{} >= 0", _lt("is no count")),
    'flag': Kind('bool', '^[01]$', rule=_lt("is neither 0 nor 1")),
    'number': Kind('float8', _NUMBER, _FINITE, _lt("is no finite number")),
    'score': Kind('float8', _NUMBER, "{} >= 0 AND {} <= 100", _lt("is not between 0 and 100")),
    'nps': Kind('float8', _NUMBER, "{} >= -100 AND {} <= 100", _lt("is not between -100 and 100")),
    'date': Kind('date', _DATE, rule=_lt("is no date")),
    'json': Kind('jsonb', r'^\s*\{.*\}\s*$', "jsonb_typeof({}) = 'object'", _lt("is no JSON object")),
    'class': Kind('varchar', '^[ABC]$', rule=_lt("is none of A, B, C")),
    'quadrant': Kind('varchar', '^(invest|selective|maintain|cash)$', rule=_lt("is no quadrant")),
    'dependence': Kind(
        'varchar',
        '^(mutual_partnership|mutual_unconfirmed|mutual_competitive|vulnerable_supplier|inviting_buyer'
        '|vulnerable_buyer|inviting_supplier|low)$',
        rule=_lt("is no kind of dependence")),
    'band': Kind('varchar', '^(green|amber|red)$', rule=_lt("is no band")),
    'level': Kind('int4', '^[0-3]$', rule=_lt("is not between 0 and 3")),
    'basis': Kind('varchar', '^(figures|rank)$', rule=_lt("is neither figures nor rank")),
    'share': Kind('float8', _NUMBER, "{} >= 0 AND {} <= 1", _lt("is not between 0 and 1")),
    'scope': Kind('varchar', '^(contact|account|tier|portfolio)$',
                  rule=_lt("is none of contact, account, tier, portfolio")),
    'grain': Kind('varchar', '^(month|quarter|year|rolling|since)$',
                  rule=_lt("is none of month, quarter, year, rolling, since")),
    'change': Kind('varchar', '^(open|keep|close)$', rule=_lt("is none of open, keep, close")),
    'severity': Kind('varchar', '^(info|amber|red)$', rule=_lt("is none of info, amber, red")),
    'word': Kind('varchar', '^[a-z][a-z0-9_]{0,39}$', rule=_lt("is no word of small letters, digits and underscores")),
    'words': Kind('varchar', '^[a-z][a-z0-9_ ]{0,199}$', rule=_lt("is no list of words with spaces between them")),
    'close_reason': Kind('varchar', '^(cleared|gone|rule_off)$', rule=_lt("is none of cleared, gone, rule_off")),
    # What an alert is about within its account: a number, or several numbers and words that stand for one thing.
    'subject': Kind('varchar', '^[A-Za-z0-9_.:/-]{1,64}$', rule=_lt("is no short name of what an alert is about")),
}


class Column(NamedTuple):
    name: str
    kind: str
    required: bool = False

    @property
    def type(self):
        return KINDS[self.kind]


def _columns(text):
    """Parse ``name:kind`` words; a ``!`` at the end marks a column that must be known."""
    columns = []
    for word in text.split():
        name, kind = word.rstrip('!').split(':')
        columns.append(Column(name, kind, word.endswith('!')))
    return tuple(columns)


STAGE = {
    'score': _columns("""
        account_id:id! revenue:number revenue_before:number growth:number margin:number margin_percent:number
        net_margin:number margin_estimated:flag! documents:count! last_document:date rank:count share:number
        cumulative_share:number pareto_class:class margin_class:class is_compared:flag! attractiveness:score
        position:score willingness:score strategic_value:score financial_value:score quadrant:quadrant
        relationship_quality:score dependence:dependence share_of_wallet:number wallet_coverage:number
        white_space:number satisfaction:score nps:nps
        relationship:score health:score health_band:band explanation:json movement:json
    """),
    'portfolio': _columns("""
        accounts:count! key_accounts:count! compared:count! revenue:number unknown_revenue:count! largest_share:number
        top5_share:number hhi:number concentration_band:level
    """),
    'wallet': _columns("""
        line_id:id! sales:number spend:number share:number white_space:number is_over:flag! basis:basis
    """),
    'satisfaction': _columns("""
        scope:scope! subject_id:count! account_id:id touchpoint_id:id nps:nps nps_answers:count! csat:share
        csat_answers:count! ces:number ces_lowest:number ces_highest:number ces_low_is_good:flag ces_answers:count!
        favourability:share favourability_answers:count! satisfaction:score answers:count! people:count! last_date:date
        asked:count! answered:count! response_rate:share trend:number series:json
    """),
    'person': _columns("""
        stakeholder_id:id! account_id:id! strength:score is_in_touch:flag! contact_days:count! is_two_way:flag!
        last_contact:date
    """),
    'relationship': _columns("""
        account_id:id! strength:score quality:score quality_raters:count! quality_date:date coverage:share people:count!
        people_in_touch:count! role_coverage:share roles_required:count! roles_filled:count! gap:share colleagues:count!
        is_single_thread:flag functions:json aspects:json
    """),
    'kpi_value': _columns("""
        account_id:id! kpi_id:id! grain:grain! period_start:date! period_end:date! value:number target:number
        target_to_date:number budget:number pace:number status:band previous:number trend:number reason:word marks:words
        is_current:flag!
    """),
    'alert': _columns("""
        rule_id:id! account_id:id subject:subject change:change! severity:severity! value:number threshold:number
        since:date facts:json parent_rule_id:id reason:close_reason
    """),
}
# A worker of before may leave the others out. A run of one account has no portfolio.
STAGE_NEEDED = {'full': {'score', 'portfolio'}, 'account': {'score'}}

# What a table's rows are known by, for the sentence that refuses one.
STAGE_KEY = {
    'score': 'account_id', 'portfolio': None, 'wallet': 'line_id', 'satisfaction': 'subject_id',
    'person': 'stakeholder_id', 'relationship': 'account_id', 'kpi_value': 'account_id', 'alert': 'rule_id'}

PULL = {
    'account': ('account_id', 'is_key', 'is_candidate', 'is_active', 'manager_id', 'tier_id', 'is_confidential',
                'key_since'),
    'fact': ('account_id', 'kpi_id', 'value_now', 'documents_now', 'unknown_now', 'value_before', 'documents_before',
             'unknown_before', 'documents', 'first_date', 'last_date'),
    'opinion': ('account_id', 'factor_id', 'rater_id', 'value', 'date', 'opinion_id'),
    'history': ('account_id', 'reference', 'as_of', 'config_hash', 'codes', 'explanation', 'attractiveness',
                'position', 'willingness', 'strategic_value', 'financial_value', 'health'),
    'investment': ('account_id', 'investment_id', 'amount', 'date_start', 'date_end'),
    'wallet': ('account_id', 'line_id', 'counted_at', 'is_named', 'sales', 'unknown', 'typed', 'spend', 'our_rank',
               'suppliers'),
    'answer': ('account_id', 'answer_id', 'person', 'is_named', 'power', 'kind', 'value', 'scale_min', 'scale_max',
               'low_is_good', 'date', 'touchpoint_id'),
    'request': ('account_id', 'person', 'is_named', 'asked', 'answered'),
    'person': ('account_id', 'stakeholder_id', 'function_id', 'power', 'cadence_days', 'current', 'target',
               'last_contact', 'contact_days', 'is_two_way', 'contact_id', 'roles'),
    'seat': ('account_id', 'role_id', 'people'),
    'thread': ('account_id', 'colleagues'),
    'assessment': ('account_id', 'aspect', 'is_inverted', 'rater_id', 'value', 'date', 'assessment_id'),
    'objective': ('account_id', 'objective_id', 'status', 'is_overdue'),
    'cell': ('account_id', 'kpi_id', 'grain', 'period_start', 'value', 'counted', 'documents', 'unknown'),
    'recorded': ('account_id', 'kpi_id', 'grain', 'period_start', 'value'),
    'target': ('account_id', 'kpi_id', 'period_start', 'target', 'budget'),
    'debt': ('account_id', 'due', 'amount', 'unknown'),
    'rhythm': ('account_id', 'days_60', 'days_180', 'days_365', 'longest_gap', 'last_date', 'first_date'),
    'departure': ('account_id', 'stakeholder_id', 'date'),
    'due': ('account_id', 'kind', 'record_id', 'date'),
    'signal': ('account_id', 'signal_id', 'date'),
    'alert': ('alert_id', 'rule_id', 'account_id', 'subject', 'is_open', 'opened', 'closed', 'severity', 'value',
              'parent_rule_id', 'threshold'),
    # Of a run of one account: what its scores are compared with, and where it stood in the last run of all.
    'peer': ('account_id', 'codes', 'explanation'),
    'standing': ('account_id', 'rank', 'share', 'cumulative_share', 'pareto_class', 'margin_class', 'is_compared'),
}

# Scores that an explanation is kept for and whose movement is told.
EXPLAINED = ('attractiveness', 'position', 'willingness', 'strategic_value', 'financial_value', 'health')


def score_columns():
    """Columns of ``kam.score`` that the worker fills, without the key."""
    return tuple(column.name for column in STAGE['score'] if column.name != 'account_id')
