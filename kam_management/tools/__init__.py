from . import defaults, fields, steps
