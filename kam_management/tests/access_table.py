"""Who may do what, written out: role × model × operation × situation. `test_access_table` holds the addon to it.

In each cell stand the operations that are granted, out of `r` read, `w` write, `c` create, `u` unlink. The people and
their groups are those of `common.py`.
"""

ROLES = ('sales', 'contributor', 'user', 'manager', 'admin', 'system', 'service')
# The addon refuses to bring it about.
NEVER = None

SITUATIONS = {
    'own': "the person manages the account",
    'team': "the person is in the account's team today; somebody else manages it",
    'own customer': "the person is the salesperson of a customer that is no key account",
    'other': "none of these",
    'other company': "the person manages the account, but the record is of a company that the person may not enter",
}

SCORES = {
    #               own     team    customer other  company
    'sales':       ('',     '',     '',     '',     ''),
    'contributor': ('',     '',     '',     '',     ''),
    'user':        ('r',    'r',    'r',    '',     ''),
    'manager':     ('r',    'r',    'r',    'r',    ''),
    'admin':       ('r',    'r',    'r',    'r',    ''),
    'system':      ('',     '',     '',     '',     ''),
    'service':     (NEVER,  NEVER,  'r',    'r',    ''),
}

PLAN_ROWS = (
    'priority', 'goal', 'lesson', 'buying.step', 'scenario', 'signal', 'commitment', 'target', 'forecast', 'competitor',
    'category', 'estimate')
# Who works for the account works on these.
WORKED_ON = {
    #               own     team    customer other  company
    'sales':       ('',     '',     '',     '',     ''),
    'contributor': ('',     '',     '',     '',     ''),
    'user':        ('rwcu', 'rwcu', 'rwcu', '',     ''),
    'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
    'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
    'system':      ('',     '',     '',     '',     ''),
    'service':     (NEVER,  NEVER,  '',     '',     ''),
}

# The same, and the worker reads them.
WORKED_ON_AND_PULLED = {**WORKED_ON, 'service': (NEVER, NEVER, 'r', 'r', '')}

# Archived rather than deleted by whoever works for the account; read by the worker.
KEPT_AND_PULLED = {**WORKED_ON_AND_PULLED, 'user': ('rwc', 'rwc', 'rwc', '', '')}

# What hangs on an account. Where it matters whose a record is, that makes two tables.
ACCOUNTS = {
    ('kam.score', ''): SCORES,
    ('kam.score.history', ''): SCORES,
    # Written by the worker, and read like the plan whose lines it is about.
    ('kam.wallet', ''): SCORES,
    # What the worker computed of people and accounts, read like these.
    ('kam.satisfaction.score', ''): SCORES,
    ('kam.relationship.score', ''): SCORES,
    ('kam.stakeholder.score', ''): SCORES,
    # Values of KPIs are read like scores; targets are set by who works for the account.
    ('kam.kpi.value', ''): SCORES,
    ('kam.kpi.target', ''): WORKED_ON_AND_PULLED,
    # Opened and closed by the machine; people answer with buttons, which write for whoever may read.
    ('kam.alert', ''): SCORES,
    # For one account: like its plan.
    ('kam.playbook', ''): WORKED_ON,
    ('kam.playbook.step', ''): WORKED_ON,
    # Made by using a playbook, and kept. Whoever used it says what it brought, whosever account it is.
    ('kam.playbook.run', "one's own"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rw',   'rw',   'rw',   'rw',   ''),
        'manager':     ('rw',   'rw',   'rw',   'rw',   ''),
        'admin':       ('rw',   'rw',   'rw',   'rw',   ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    ('kam.playbook.run', "somebody else's"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rw',   'rw',   'rw',   '',     ''),
        'manager':     ('rw',   'rw',   'rw',   'rw',   ''),
        'admin':       ('rw',   'rw',   'rw',   'rw',   ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    # Who manages the account has the last word on its health; it is ended and kept.
    ('kam.health.override', ''): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rwc',  'r',    'r',    '',     ''),
        'manager':     ('rwc',  'rwc',  'rwc',  'rwc',  ''),
        'admin':       ('rwc',  'rwc',  'rwc',  'rwc',  ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    # An opinion may be given on any customer, is read and written by whoever gave it, and is kept.
    ('kam.assessment', "one's own"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rwc',  'rwc',  'rwc',  'rwc',  ''),
        'manager':     ('rwc',  'rwc',  'rwc',  'rwc',  ''),
        'admin':       ('rwc',  'rwc',  'rwc',  'rwc',  ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  'r',    'r',    ''),
    },
    ('kam.assessment', "somebody else's"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('r',    'r',    'r',    '',     ''),
        'manager':     ('r',    'r',    'r',    'r',    ''),
        'admin':       ('r',    'r',    'r',    'r',    ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  'r',    'r',    ''),
    },
    # The row of a member. That of the account's manager follows from the account and is changed by nobody.
    ('kam.team.member', ''): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('r',    'r',    'r',    '',     ''),
        'user':        ('rwc',  'r',    'r',    '',     ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    # A candidate: business rules say what may still be done once it is proposed or decided. Nobody proposes in the
    # name of somebody else. To have proposed an account gives no right to it.
    ('kam.nomination', "one's own"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rwc',  'rwc',  'rwc',  '',     ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  'r',    'r',    ''),
    },
    ('kam.nomination', "somebody else's"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rw',   'rw',   'rw',   '',     ''),
        'manager':     ('rwu',  'rwu',  'rwu',  'rwu',  ''),
        'admin':       ('rwu',  'rwu',  'rwu',  'rwu',  ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  'r',    'r',    ''),
    },
    # A draft: business rules say what may still be done once it is active or closed.
    ('kam.plan', ''): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rwc',  'rwc',  'rwc',  '',     ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    # The rows of a plan follow the plan, whoever wrote them.
    **{(f'kam.plan.{rows}', ''): WORKED_ON for rows in PLAN_ROWS},
    # A shipped KPI reads the forecasts.
    ('kam.plan.forecast', ''): WORKED_ON,
    ('kam.dafo', ''): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rwc',  'rwc',  'rwc',  '',     ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    # A card is as its analysis. Which cards may go is said by the strategies that rest on them.
    ('kam.dafo.item', ''): WORKED_ON,
    ('kam.dafo.strategy', ''): WORKED_ON,
    # A draft. Owners read their own, whosever account it is; a contributor agrees and checks in, and no more.
    ('kam.objective', "one's own"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('r',    'r',    'r',    'r',    ''),
        'user':        ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    ('kam.objective', "somebody else's"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rwcu', 'rwcu', 'rwcu', '',     ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    # Planned. Owners read their own, whosever account it is; a contributor says that it is done and what came of it.
    # Shipped KPIs read them.
    ('kam.action', "one's own"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('rw',   'rw',   'rw',   'rw',   ''),
        'user':        ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    ('kam.action', "somebody else's"): WORKED_ON,
    # One that is asked for: business rules say what may still be done once it is decided on. Nobody asks in the name
    # of somebody else, and to have asked for one gives no right to the account.
    ('kam.investment', "one's own"): WORKED_ON_AND_PULLED,
    ('kam.investment', "somebody else's"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rwu',  'rwu',  'rwu',  '',     ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  'r',    'r',    ''),
    },
    # A person of the customer. The worker weighs what people think of us; nobody writes the history by hand.
    ('kam.stakeholder', ''): KEPT_AND_PULLED,
    # One by hand. Whoever was in touch keeps what they wrote, whosever account it is. What Odoo recorded is only
    # archived by people, and business rules say so.
    ('kam.stakeholder.contact', "one's own"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rwc',  'rwc',  'rwc',  'rwc',  ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  'r',    'r',    ''),
    },
    ('kam.stakeholder.change', ''): SCORES,
    # Their part in a deal that the person may read; of other salespeople's deals, nobody learns by their people.
    ('kam.lead.stakeholder', ''): WORKED_ON,
    # As an individual: the account team alone, so no manager of all accounts, and no worker.
    ('kam.stakeholder.person', ''): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rwcu', 'rwcu', 'rwcu', '',     ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', '',     ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', '',     ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    ('kam.stakeholder.contact', "somebody else's"): KEPT_AND_PULLED,
    ('kam.satisfaction.response', ''): KEPT_AND_PULLED,
    # One of fewer than five of an account, which nobody reads but whoever entered it.
    ('kam.satisfaction.response', "an anonymous one"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('c',    'c',    'c',    '',     ''),
        'manager':     ('c',    'c',    'c',    'c',    ''),
        'admin':       ('c',    'c',    'c',    'c',    ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  'r',    'r',    ''),
    },
    # Collected by Odoo, and read like the answers. What does not count is for administrators to put right.
    ('kam.satisfaction.request', ''): {**SCORES, 'service': (NEVER, NEVER, 'r', 'r', '')},
    ('kam.satisfaction.refusal', ''): {
        #               own     team    customer other  company
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('',     '',     '',     '',     ''),
        'manager':     ('',     '',     '',     '',     ''),
        'admin':       ('r',    'r',    'r',    'r',    ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    # Where we stand with it: like a plan, and no draft.
    ('kam.relationship', ''): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rwc',  'rwc',  'rwc',  '',     ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    # An open one: business rules say that a closed one stays as it was. Its lines are as the review.
    ('kam.review', ''): WORKED_ON,
    ('kam.review.objective', ''): WORKED_ON,
    ('kam.review.decision', ''): WORKED_ON,
    # Like an opinion: given on any account, read and written by whoever gave it, and kept.
    ('kam.relationship.assessment', "one's own"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rwc',  'rwc',  'rwc',  'rwc',  ''),
        'manager':     ('rwc',  'rwc',  'rwc',  'rwc',  ''),
        'admin':       ('rwc',  'rwc',  'rwc',  'rwc',  ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  'r',    'r',    ''),
    },
    ('kam.relationship.assessment', "somebody else's"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('r',    'r',    'r',    '',     ''),
        'manager':     ('r',    'r',    'r',    'r',    ''),
        'admin':       ('r',    'r',    'r',    'r',    ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  'r',    'r',    ''),
    },
    ('kam.objective.checkin', "of an objective of one's own"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('rwc',  'rwc',  'rwc',  'rwc',  ''),
        'user':        ('rwc',  'rwc',  'rwc',  'rwc',  ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
    ('kam.objective.checkin', "of somebody else's"): {
        'sales':       ('',     '',     '',     '',     ''),
        'contributor': ('',     '',     '',     '',     ''),
        'user':        ('rwc',  'rwc',  'rwc',  '',     ''),
        'manager':     ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'admin':       ('rwcu', 'rwcu', 'rwcu', 'rwcu', ''),
        'system':      ('',     '',     '',     '',     ''),
        'service':     (NEVER,  NEVER,  '',     '',     ''),
    },
}

# What hangs on no account: on a company or a person where there is one, else on the whole database.
CONFIGURATION = {
    #                                            sales contrib. user  manager admin   system  service
    ('kam.settings', 'own company'):            ('',   '',     'r',   'r',    'rw',   'rw',   'r'),
    ('kam.settings', 'other company'):          ('',   '',     '',    '',     '',     '',     ''),
    ('kam.score.weight', 'own company'):        ('',   '',     'r',   'r',    'rw',   'rw',   'r'),
    ('kam.score.weight', 'other company'):      ('',   '',     '',    '',     '',     '',     ''),
    ('kam.score.factor', ''):                   ('',   '',     'r',   'r',    'rwcu', 'r',    'r'),
    # one that is not shipped, archived: only the system's administrators activate one
    ('kam.kpi', ''):                            ('',   '',     'r',   'r',    'rwcu', 'rwcu', 'r'),
    ('kam.satisfaction.source', 'own company'): ('',   '',     'r',   'r',    'rwcu', 'rwcu', ''),
    ('kam.satisfaction.source', 'other company'): ('', '',     '',    '',     '',     '',     ''),
    ('kam.cost.driver', 'own company'):         ('',   '',     'r',   'r',    'rwcu', '',     'r'),
    ('kam.cost.driver', 'other company'):       ('',   '',     '',    '',     '',     '',     ''),
    ('kam.capital.cost', 'own company'):        ('',   '',     'r',   'r',    'rwcu', '',     'r'),
    ('kam.capital.cost', 'other company'):      ('',   '',     '',    '',     '',     '',     ''),
    ('kam.kpi.team.target', 'oneself'):         ('',   '',     'r',   'rwcu', 'rwcu', '',     ''),
    ('kam.kpi.team.target', 'somebody else'):   ('',   '',     '',    'rwcu', 'rwcu', '',     ''),
    ('kam.kpi.team.target', 'other company'):   ('',   '',     '',    '',     '',     '',     ''),
    ('kam.tier', ''):                           ('',   'r',    'r',   'r',    'rwcu', '',     'r'),
    ('kam.function', ''):                       ('',   'r',    'r',   'r',    'rwcu', '',     ''),
    ('kam.stakeholder.role', ''):               ('',   'r',    'r',   'r',    'rwcu', '',     'r'),
    ('kam.touchpoint', ''):                     ('',   '',     'r',   'r',    'rwcu', '',     'r'),
    ('kam.plan.part', ''):                      ('',   'r',    'r',   'r',    'rwcu', '',     ''),
    ('kam.opportunity.type', ''):               ('r',  'r',    'r',   'r',    'rwcu', 'r',    ''),
    ('kam.action.kind', ''):                    ('',   'r',    'r',   'r',    'rwcu', '',     ''),
    ('kam.hat', ''):                            ('',   'r',    'r',   'r',    'rwcu', '',     ''),
    ('kam.investment.type', ''):                ('',   '',     'r',   'r',    'rwcu', '',     ''),
    ('kam.competence', ''):                     ('',   '',     'r',   'r',    'rwcu', '',     ''),
    ('kam.manager', 'oneself'):                 ('',   '',     'r',   'rwc',  'rwcu', '',     NEVER),
    ('kam.manager', 'somebody else'):           ('',   '',     '',    'rwc',  'rwcu', '',     ''),
    ('kam.manager', 'other company'):           ('',   '',     '',    '',     '',     '',     ''),
    ('kam.manager.competence', 'oneself'):      ('',   '',     'r',   'rwcu', 'rwcu', '',     NEVER),
    ('kam.manager.competence', 'somebody else'): ('',  '',     '',    'rwcu', 'rwcu', '',     ''),
    ('kam.manager.competence', 'other company'): ('',  '',     '',    '',     '',     '',     ''),
    ('kam.alert.rule', ''):                     ('',   '',     'r',   'r',    'rwcu', '',     'r'),
    # about the company as a whole: no account says who may read it
    ('kam.alert', 'own company'):               ('',   '',     '',    'r',    'r',    '',     'r'),
    ('kam.alert', 'other company'):             ('',   '',     '',    '',     '',     '',     ''),
    # general ones
    ('kam.playbook', ''):                       ('',   '',     'r',   'rwcu', 'rwcu', '',     ''),
    ('kam.playbook.step', ''):                  ('',   '',     'r',   'rwcu', 'rwcu', '',     ''),
    ('kam.portfolio', 'own company'):           ('',   '',     '',    'r',    'r',    '',     'r'),
    ('kam.portfolio', 'other company'):         ('',   '',     '',    '',     '',     '',     ''),
    # of a tier, or of all accounts: no account says who may read it
    ('kam.satisfaction.score', 'own company'):  ('',   '',     '',    'r',    'r',    '',     'r'),
    ('kam.satisfaction.score', 'other company'): ('',  '',     '',    '',     '',     '',     ''),
    ('kam.sync.run', 'own company'):            ('',   '',     '',    'r',    'r',    '',     'r'),
    ('kam.sync.run', 'other company'):          ('',   '',     '',    '',     '',     '',     ''),
    ('kam.sync.refusal', 'own company'):        ('',   '',     '',    'r',    'r',    '',     ''),
    ('kam.sync.refusal', 'other company'):      ('',   '',     '',    '',     '',     '',     ''),
}

PAGE = """\
# Who may do what

Each cell lists what a role may do with the records of a model: `r` read, `w` write, `c` create, `u` delete, `–` none
of them, `never` where the addon refuses to bring that situation about. This page is generated by
`kam_management/tests/test_access_table.py`, which tries every operation of every cell as a user of that role; run it
with `KAM_WRITE_DOCS=1` to write the page anew.

The roles: *sales* is a salesperson without Key Accounts; *contributor*, *user*, *manager* and *admin* have the roles of
Key Accounts; *system* administers the database and has none of them; *service* is what the worker logs in as. Scores,
their history, alerts, values of KPIs, satisfaction and relationship as rolled up, the portfolio and the refreshes are
written by `kam.sync` alone, requests for answers and answers that do not count by their collection, and nobody writes
them by hand.

## On accounts
Beside these, the confidentiality of the account, and of a nomination itself, narrows down who reads and writes: the
team of the account, or its manager and whoever the record belongs to. The worker computes all accounts.

{situations}

{accounts}

## Configuration, and what hangs on no account
{configuration}
"""


def _cell(granted):
    return 'never' if granted is NEVER else f'`{granted}`' if granted else '–'


def _markdown(header, rows):
    lines = [header, ['---'] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |".replace('|  |', '| |') for line in lines)


def _titled(model, what):
    return f'`{model}`, {what}' if what else f'`{model}`'


def render():
    """The page for `docs/developers/access.md`, in Markdown."""
    accounts = [
        f'### {_titled(model, whose)}\n' + _markdown(
            ['', *SITUATIONS], [[role, *map(_cell, cells)] for role, cells in table.items()])
        for (model, whose), table in ACCOUNTS.items()]
    return PAGE.format(
        situations="\n".join(f"- *{name}*: {text}" for name, text in SITUATIONS.items()),
        accounts="\n\n".join(accounts),
        configuration=_markdown(
            ['', *ROLES], [[_titled(*key), *map(_cell, cells)] for key, cells in CONFIGURATION.items()]))
