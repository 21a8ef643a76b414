"""The relational pyramid: its four stages, the share of wallet that suggests each, and what the next one asks for.

The stages and the share of wallet as their measure are those of the source 004 (“básica, cooperativa, dependiente o
integración”). What each stage asks for is drawn from 002: trust is built slowly and lost fast; contacts between
functions ask for knowledge and trust; information is shared, cooperation and reciprocity sought, initiatives made
together, senior management stands behind. The numbers are assumptions of ours; they stand here and nowhere else.
Integrated means function to function: as many pairs of functions know each other as make a diamond.
"""
from .interaction import DIAMOND_PAIRS

STAGES = ('basic', 'cooperative', 'interdependent', 'integrated')

# What a stage asks for: the fact and the least of it. `at_most` facts are better when low.
CONDITIONS = {
    'cooperative': (
        ('goals', 1), ('functions', 2), ('effective_communication', 5), ('trust', 5), ('share_of_wallet', None)),
    'interdependent': (
        ('trust', 6), ('commitment', 6), ('shared_information', 6), ('cooperation', 6), ('functions', 3),
        ('pairs', 2), ('sponsor', 1), ('joint_actions', 1), ('share_of_wallet', None)),
    'integrated': (
        ('trust', 8), ('reciprocity', 7), ('congruent_goals', 7), ('shared_values', 7), ('conflict', 3),
        ('pairs', DIAMOND_PAIRS), ('backed_actions', 1), ('kept_by_customer', 1), ('share_of_wallet', None)),
}
AT_MOST = ('conflict',)


def suggested_stage(share, cuts=(15.0, 35.0, 60.0)):
    """The stage that a share of wallet (0 to 1, False while unknown) suggests; `cuts` in percent, ascending.

    >>> [suggested_stage(share) for share in (0.0, 0.1499, 0.15, 0.35, 0.6, 1.2)]
    ['basic', 'basic', 'cooperative', 'interdependent', 'integrated', 'integrated']
    >>> suggested_stage(False)
    False
    """
    if share is False:
        return False
    return STAGES[sum(100 * share >= cut for cut in cuts)]


def next_stage(stage):
    """The stage above; False at the top, the first of the pyramid while none is set.

    >>> [next_stage(stage) for stage in (False, 'basic', 'interdependent', 'integrated')]
    ['basic', 'cooperative', 'integrated', False]
    """
    if not stage:
        return STAGES[0]
    place = STAGES.index(stage) + 1
    return STAGES[place] if place < len(STAGES) else False


def conditions_of(stage, facts, cuts=(15.0, 35.0, 60.0)):
    """What a stage asks for and what there is of it: ``[{'code', 'needed', 'found', 'met'}]``.

    `facts`: ``{code: number}``; False is unknown, and unknown is not met. A fact that is not in `facts` at all is one
    that nobody can know here: it is not asked for. The share of wallet goes from 0 to 1, `needed` is in percent.

    >>> facts = {'trust': 6.5, 'goals': 0, 'share_of_wallet': False, 'functions': 2}
    >>> [(row['code'], row['needed'], row['met']) for row in conditions_of('cooperative', facts)]
    [('goals', 1, False), ('functions', 2, True), ('trust', 5, True), ('share_of_wallet', 15.0, False)]
    >>> conditions_of('integrated', {'conflict': 2.0}), conditions_of('basic', facts)
    ([{'code': 'conflict', 'needed': 3, 'found': 2.0, 'met': True}], [])
    """
    rows = []
    for code, needed in CONDITIONS.get(stage, ()):
        if code not in facts:
            continue
        found = facts[code]
        if code == 'share_of_wallet':
            needed = cuts[STAGES.index(stage) - 1]
            met = found is not False and 100 * found >= needed
        elif code in AT_MOST:
            met = found is not False and found <= needed
        else:
            met = found is not False and found >= needed
        rows.append({'code': code, 'needed': needed, 'found': found, 'met': met})
    return rows
