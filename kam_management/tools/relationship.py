"""What the raters of a relation say together. No figure of the worker is computed here: no weights, no ages."""


def newest_by_rater(rows):
    """Of each rater the newest known rating, and the known one before it.

    `rows`: ``[(rater, rating or False)]``, the newest first. A rating that is not known says nothing, so the one before
    it goes on counting.

    >>> newest_by_rater([('ana', 6), ('ben', False), ('ana', 8), ('ben', 4), ('ana', 9)])
    {'ana': (6, 8), 'ben': (4, False)}
    >>> newest_by_rater([])
    {}
    """
    found = {}
    for rater, rating in rows:
        if rating is not False:
            found.setdefault(rater, []).append(rating)
    return {rater: (ratings[0], ratings[1] if len(ratings) > 1 else False) for rater, ratings in found.items()}


def is_alone(raters, manager):
    """Whether nobody but the account's own manager has rated.

    Managers rate their own work: what they say weighs half, and alone it stands for nobody else's view.

    >>> is_alone(['ana'], 'ana'), is_alone(['ana', 'ben'], 'ana'), is_alone(['ben'], 'ana'), is_alone([], 'ana')
    (True, False, False, False)
    """
    return set(raters) == {manager}


def mean_of(ratings, manager=None):
    """The plain mean of ``{rater: rating}`` on 1 to 10; False if nobody rated, or the account's own manager alone.

    >>> mean_of({'ana': 6, 'ben': 9}, 'ana'), mean_of({'ana': 6}, 'ana'), mean_of({'ben': 9}, 'ana'), mean_of({})
    (7.5, False, 9.0, False)
    """
    if not ratings or is_alone(ratings, manager):
        return False
    return sum(ratings.values()) / len(ratings)
