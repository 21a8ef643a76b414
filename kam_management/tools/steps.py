"""The steps of a scoring factor, as people type them: one `from: score` a line."""


def parse_steps(text):
    """Read steps into `[[from, score], …]`, ascending.

    `from` is in the unit of what is measured, `score` on 0..100. Empty lines are skipped, a comma counts as a
    decimal point, and no text gives no steps. Raises ValueError with the line at fault.

    >>> parse_steps("0: 0\\n60: 50\\n 105,5 : 100")
    [[0.0, 0.0], [60.0, 50.0], [105.5, 100.0]]
    >>> parse_steps("")
    []
    >>> parse_steps("0: 0\\nhigh: 50")
    Traceback (most recent call last):
    ValueError: high: 50
    """
    steps = []
    for line in (text or "").splitlines():
        if not line.strip():
            continue
        start, colon, score = line.replace(",", ".").partition(":")
        try:
            step = [float(start), float(score)]
        except ValueError:
            raise ValueError(line.strip()) from None
        in_order = not steps or steps[-1][0] < step[0]
        if not colon or not 0 <= step[1] <= 100 or not in_order or abs(step[0]) == float("inf"):
            raise ValueError(line.strip())
        steps.append(step)
    return steps
