"""Which changes of an account a review shows first.

A change is a dictionary with at least `kind`, `family`, `size`, `date` and `key`. How much it matters follows from its
kind and its size alone, on 0..100; `KINDS` is the one place where that stands, and its numbers are assumptions of ours.
What is lost weighs more than what is won, what is late more than what is done: a review is for deciding.
"""

FIRST = 7
# So many of one family among the first, as long as there are others.
PER_FAMILY = 3

# kind: (importance of the smallest, importance of the largest, size from which on it is the largest)
KINDS = {
    # scores: points; shares: points of percent; revenue: percent
    'health': (20, 95, 20), 'quality': (10, 85, 20), 'satisfaction': (10, 85, 25), 'nps': (10, 80, 40),
    'score': (5, 70, 30), 'wallet': (10, 80, 15), 'revenue': (10, 90, 30),
    'class': (60, 60, 1), 'quadrant': (60, 60, 1),
    # opportunities: percent of the account's revenue; days
    'lead_lost': (50, 100, 10), 'lead_won': (40, 90, 10), 'lead_amount': (15, 75, 10), 'lead_qualified': (25, 65, 10),
    'lead_new': (20, 60, 10), 'lead_overdue': (35, 70, 60),
    # people: points of a rating
    'trust': (40, 95, 3), 'aspect': (15, 60, 4), 'member_joined': (30, 30, 1), 'member_left': (50, 50, 1),
    # of the customer: how much the person's word weighs, double if they backed us; levels times that weight
    'people_new': (12, 28, 10),
    'person_left': (45, 95, 4), 'person_back': (30, 60, 4), 'support': (30, 90, 4), 'tie': (20, 60, 4),
    # objectives: days; points of progress
    'objective_missed': (88, 88, 1), 'objective_achieved': (76, 76, 1), 'objective_cancelled': (45, 45, 1),
    'objective_overdue': (60, 90, 60), 'objective_off_track': (72, 72, 1), 'objective_at_risk': (58, 58, 1),
    'objective_on_track': (42, 42, 1), 'objective_progress': (15, 55, 40), 'objective_started': (30, 30, 1),
    # plan and actions: days, percent of the account's revenue
    'promise_late': (55, 86, 60), 'promise_owed': (45, 76, 60), 'promise_kept': (22, 22, 1), 'signal': (40, 40, 1),
    'action_late': (30, 62, 30), 'action_done': (12, 60, 10),
    # alerts: 1 to 3, the most severe
    'alert': (40, 100, 3), 'alert_over': (15, 50, 3),
}
OTHER = (10, 50, 1)


def importance(kind, size):
    """How much a change matters, from 0 to 100. Only the amount of `size` counts; unknown (False) counts as half.

    >>> importance('health', -20), importance('health', 4), importance('health', 80)
    (95.0, 35.0, 95.0)
    >>> importance('lead_lost', 10) > importance('lead_won', 10) > importance('lead_amount', 10)
    True
    >>> importance('lead_won', False), importance('of a kind nobody knows', 1)
    (65.0, 50.0)
    """
    least, most, full = KINDS.get(kind, OTHER)
    share = 0.5 if size is False else min(1.0, abs(size) / full)
    return least + (most - least) * share


def percent_of(amount, revenue):
    """An amount in percent of the revenue, the size of what happens to an opportunity; False while one is unknown.

    >>> percent_of(30000.0, 600000.0), percent_of(30000.0, False), percent_of(30000.0, 0.0), percent_of(False, 1.0)
    (5.0, False, False, False)
    """
    if amount is False or revenue is False or revenue <= 0:
        return False
    return 100.0 * amount / revenue


def rank(changes):
    """The changes, what matters most first; of the same importance the newest, then in the order of their keys.

    >>> rows = [{'kind': 'signal', 'size': 1, 'date': '2026-10-01', 'key': 'a'},
    ...         {'kind': 'health', 'size': -20, 'date': '2026-10-01', 'key': 'b'},
    ...         {'kind': 'signal', 'size': 1, 'date': '2026-11-01', 'key': 'c'}]
    >>> [row['key'] for row in rank(rows)]
    ['b', 'c', 'a']
    """
    by_key = sorted(changes, key=lambda row: row['key'])
    newest = sorted(by_key, key=lambda row: row['date'] or '', reverse=True)
    return sorted(newest, key=lambda row: -importance(row['kind'], row['size']))


def split(changes, first=FIRST, per_family=PER_FAMILY):
    """The changes to show at once and those to fold, each ranked.

    At most `per_family` of a family are among the first, unless nothing else is left: ten lost opportunities must not
    hide that trust fell.

    >>> lost = {'kind': 'lead_lost', 'family': 'opportunities', 'size': 10, 'date': ''}
    >>> rows = [{**lost, 'key': f'l{number}'} for number in range(9)]
    >>> rows.append({'kind': 'trust', 'family': 'people', 'size': -2, 'date': '', 'key': 'trust'})
    >>> [[row['key'] for row in part] for part in split(rows)]
    [['l0', 'l1', 'l2', 'trust', 'l3', 'l4', 'l5'], ['l6', 'l7', 'l8']]
    >>> split([])
    ([], [])
    """
    ranked = rank(changes)
    shown, held, taken = [], [], {}
    for row in ranked:
        if len(shown) < first and taken.get(row['family'], 0) < per_family:
            taken[row['family']] = taken.get(row['family'], 0) + 1
            shown.append(row)
        else:
            held.append(row)
    room = first - len(shown)
    return shown + held[:room], held[room:]
