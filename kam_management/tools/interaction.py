"""Whether two organisations meet as a bow-tie or as a diamond, and what that asks of their trust.

Source 002 tells two types of interaction apart. Type A, the bow-tie: all goes through the key account manager and the
buyer. Type B, the diamond: function meets function, and the manager leads the whole. B asks for knowledge of each other
and for trust. How many functions make a diamond is said nowhere there: three pairs are an assumption of ours.
"""

BOW_TIE = 'bow_tie'
DIAMOND = 'diamond'
DIAMOND_PAIRS = 3
# The middle of the scale on which people rate trust, 1..10: under it, what B opens is opened too early.
TRUST_NEEDED = 5.5


def pairs_of(ties):
    """How many pairs of functions meet, each function of either side counted once: the largest matching.

    `ties` are pairs (our function, their function), as often as people know each other. Unknown functions, None or
    False, make no pair.

    >>> pairs_of([('sales', 'purchasing'), ('sales', 'quality'), ('sales', 'logistics')])
    1
    >>> pairs_of([('sales', 'purchasing'), ('quality', 'purchasing'), ('quality', 'quality'), (None, 'it')])
    2
    """
    theirs_of = {}
    for ours, theirs in ties:
        if ours and theirs:
            theirs_of.setdefault(ours, set()).add(theirs)
    taken = {}

    def place(ours, tried):
        for theirs in sorted(theirs_of[ours] - tried):
            tried.add(theirs)
            if theirs not in taken or place(taken[theirs], tried):
                taken[theirs] = ours
                return True
        return False

    return sum(place(ours, set()) for ours in sorted(theirs_of))


def form_of(ties):
    """The form that shows in who knows whom; None while nobody knows anybody.

    >>> form_of([('sales', 'purchasing'), ('logistics', 'logistics'), ('quality', 'quality')])
    'diamond'
    >>> form_of([('sales', 'purchasing'), ('sales', 'quality'), ('logistics', 'purchasing')])
    'bow_tie'
    >>> form_of([(None, 'purchasing')]), form_of([])
    ('bow_tie', None)
    """
    if not ties:
        return None
    return DIAMOND if pairs_of(ties) >= DIAMOND_PAIRS else BOW_TIE


def trust_gap(form, trust):
    """What `form` asks of the trust, 1..10, that is not there: 'unknown', 'low', or None if nothing is missing.

    >>> trust_gap('diamond', 5.0), trust_gap('diamond', 5.5), trust_gap('diamond', False), trust_gap('bow_tie', 1.0)
    ('low', None, 'unknown', None)
    """
    if form != DIAMOND:
        return None
    if trust is None or trust is False:
        return 'unknown'
    return 'low' if trust < TRUST_NEEDED else None
