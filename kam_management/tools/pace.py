"""How far an objective is, and whether that is far enough for its age. The thresholds stand here and nowhere else."""

# Points of progress behind the share of time that has passed: from these on it is at risk, or off track.
AT_RISK = 10
OFF_TRACK = 25
# From here on a target is reached, however the division was rounded.
REACHED = 100 - 1e-6


def progress_of(value, baseline, target):
    """Points of the way from `baseline` to `target`, also where the target lies below; False when one is unknown.

    >>> progress_of(60, 40, 80), progress_of(9, 12, 6)
    (50.0, 50.0)

    Going the wrong way is negative, beyond the target is more than 100:

    >>> progress_of(30, 40, 80), progress_of(100, 40, 80)
    (-25.0, 150.0)
    >>> progress_of(False, 40, 80), progress_of(50, 40, 40)
    (False, False)
    """
    if False in (value is not False, baseline is not False, target is not False) or baseline == target:
        return False
    return 100.0 * (value - baseline) / (target - baseline)


def elapsed_of(start, deadline, today):
    """Points of the time between two dates that have passed, 0 to 100; False without both dates.

    >>> from datetime import date
    >>> elapsed_of(date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 6))
    50.0
    >>> elapsed_of(date(2026, 1, 1), date(2026, 1, 11), date(2026, 2, 6))
    100.0
    >>> elapsed_of(date(2026, 1, 1), date(2026, 1, 1), date(2025, 2, 6)), elapsed_of(False, False, date(2026, 1, 1))
    (0.0, False)
    """
    if not start or not deadline:
        return False
    days = (deadline - start).days
    if days <= 0:
        return 100.0 if today >= deadline else 0.0
    return 100.0 * min(max((today - start).days / days, 0.0), 1.0)


def pace_of(progress, elapsed):
    """Points of progress ahead of the time that has passed; negative when behind, False when one is unknown.

    >>> pace_of(40.0, 50.0), pace_of(False, 50.0)
    (-10.0, False)
    """
    return False if progress is False or elapsed is False else progress - elapsed


def health_of(progress, elapsed, is_overdue=False):
    """`on_track`, `at_risk` or `off_track`; False when the progress or the time is unknown.

    >>> [health_of(progress, 60.0) for progress in (55.0, 50.5, 50.0, 35.5, 35.0)]
    ['on_track', 'on_track', 'at_risk', 'at_risk', 'off_track']
    >>> health_of(False, 60.0)
    False

    What has reached its target is on track, whatever the time:

    >>> health_of(100.0, 100.0), health_of(100.0, 100.0, True)
    ('on_track', 'on_track')

    What is short of it after the deadline is off track, by however little:

    >>> health_of(99.0, 100.0), health_of(99.0, 100.0, True), health_of(False, 100.0, True)
    ('on_track', 'off_track', False)
    """
    pace = pace_of(progress, elapsed)
    if pace is False:
        return False
    if is_overdue and progress < REACHED:
        return 'off_track'
    return 'off_track' if pace <= -OFF_TRACK else 'at_risk' if pace <= -AT_RISK else 'on_track'
