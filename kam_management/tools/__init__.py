from . import defaults, fields, scores, steps
