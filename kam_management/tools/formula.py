"""Formulas over key figures: names, numbers, + − × ÷, min, max, parentheses. Parsed, never evaluated as Python.

    expression = term { (+ | −) term }
    term       = factor { (× | ÷) factor }
    factor     = − factor | number | name | (min | max) ( expression { , expression } ) | ( expression )

A tree is made of lists, so that it travels as JSON in the frozen configuration of a run: ``["number", 2.0]``,
``["name", "win_rate"]``, ``["-", tree]``, ``["+", tree, tree]`` (so too −, ×, ÷ as ``-``, ``*``, ``/``),
``["min", tree, …]``.
"""
import re
from decimal import Decimal

FUNCTIONS = ('min', 'max')
SIGNS = {'−': '-', '–': '-', '×': '*', '·': '*', '÷': '/', ':': '/'}
LONGEST = 1000
LONGEST_NUMBER = 18
DEEPEST = 40
_TOKEN = re.compile(
    r'\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<name>[a-z][a-z0-9_]*)|(?P<sign>[-+*/(),−–×·÷:]))', re.IGNORECASE)


class FormulaError(ValueError):
    """What is wrong with a formula, and where: `position` counts characters from 1.

    `reason` is a word, for which the model has a sentence: ``too_long``, ``too_deep``, ``character``, ``capital``,
    ``unexpected``, ``operand``, ``missing``, ``number`` (longer than any amount). `sign` is the text that it is about.
    """

    def __init__(self, position, reason, sign=''):
        super().__init__(position, reason, sign)
        self.position = position
        self.reason = reason
        self.sign = sign


def parse(text):
    """The tree of a formula.

    >>> parse("won / (won + lost)")
    ['/', ['name', 'won'], ['+', ['name', 'won'], ['name', 'lost']]]
    >>> parse("2 × max(a, −b)")
    ['*', ['number', 2.0], ['max', ['name', 'a'], ['-', ['name', 'b']]]]

    :raises FormulaError: with the position of the first character that does not belong there
    """
    if len(text) > LONGEST:
        raise FormulaError(LONGEST + 1, 'too_long')
    return _Parser(text).whole()


def write(tree):
    """The formula of a tree, with no more parentheses than it needs: ``parse(write(tree)) == tree``.

    >>> write(parse("((a+b))*c - (d - 1.50)"))
    '(a + b) × c − (d − 1.5)'
    """
    return _written(tree, 0)


def names(tree):
    """The names in a tree, each once, in the order in which they stand there.

    >>> names(parse("won / (won + lost)"))
    ['won', 'lost']
    """
    if tree[0] == 'name':
        return [tree[1]]
    if tree[0] == 'number':
        return []
    return list(dict.fromkeys(name for part in tree[1:] for name in names(part)))


def place(text, name):
    """Where a name stands in a formula for the first time: characters from 1, or None.

    >>> place("won / (won + lost)", "lost")
    14
    """
    return next((position for kind, value, position in _tokens(text) if kind == 'name' and value == name), None)


def renamed(tree, old, new):
    """The same tree with another name in the place of `old`."""
    if tree[0] == 'name':
        return ['name', new if tree[1] == old else tree[1]]
    if tree[0] == 'number':
        return tree
    return [tree[0], *(renamed(part, old, new) for part in tree[1:])]


def evaluate(tree, values):
    """The value of a tree, or None: unknown as soon as a figure in it is, and when it would divide by zero.

    >>> evaluate(parse("won / (won + lost)"), {"won": 3, "lost": 1})
    0.75
    >>> evaluate(parse("won / (won + lost)"), {"won": 0, "lost": 0}), evaluate(parse("min(a, 2)"), {"a": None})
    (None, None)
    """
    sign, *parts = tree
    if sign == 'number':
        return parts[0]
    if sign == 'name':
        return values.get(parts[0])
    found = [evaluate(part, values) for part in parts]
    if any(value is None for value in found):
        return None
    if sign in FUNCTIONS:
        return min(found) if sign == 'min' else max(found)
    if len(found) == 1:
        return -found[0]
    left, right = found
    if sign == '/':
        return left / right if right else None
    return {'+': left + right, '-': left - right, '*': left * right}[sign]


# ---------------------------------------------------------------------------------------------------- writing
_LEVELS = {'+': 1, '-': 1, '*': 2, '/': 2}
_SHOWN = {'+': '+', '-': '−', '*': '×', '/': '÷'}


def _written(tree, level):
    sign, *parts = tree
    if sign == 'name':
        return parts[0]
    if sign == 'number':
        text = format(Decimal(repr(parts[0])), 'f')
        return text.removesuffix('.0')
    if sign in FUNCTIONS:
        return f"{sign}({', '.join(_written(part, 0) for part in parts)})"
    if len(parts) == 1:
        return f'−{_written(parts[0], 3)}'
    own = _LEVELS[sign]
    # what stands right of a sign is bound by it first: a − (b − c)
    text = f'{_written(parts[0], own)} {_SHOWN[sign]} {_written(parts[1], own + 1)}'
    return f'({text})' if own < level else text


# ---------------------------------------------------------------------------------------------------- parsing
class _Parser:
    def __init__(self, text):
        self.tokens = list(_tokens(text))
        self.place = 0
        self.depth = 0

    @property
    def ahead(self):
        return self.tokens[self.place]

    def take(self, *wanted):
        """The token ahead, if it is one of those; else None."""
        kind, value, _position = self.ahead
        if kind != 'sign' or value not in wanted:
            return None
        self.place += 1
        return value

    def need(self, sign):
        if not self.take(sign):
            raise self.surprise('missing', sign)

    def surprise(self, reason, sign=''):
        return FormulaError(self.ahead[2], reason, sign)

    def whole(self):
        tree = self.expression()
        if self.ahead[0] != 'end':
            raise self.surprise('unexpected', self.ahead[1])
        return tree

    def expression(self):
        return self.chain(self.term, '+', '-')

    def term(self):
        return self.chain(self.factor, '*', '/')

    def chain(self, part, *signs):
        tree = part()
        while sign := self.take(*signs):
            tree = [sign, tree, part()]
        return tree

    def factor(self):
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.surprise('too_deep')
        tree = self.inner()
        self.depth -= 1
        return tree

    def inner(self):
        if self.take('-'):
            return ['-', self.factor()]
        if self.take('('):
            tree = self.expression()
            self.need(')')
            return tree
        kind, value, _position = self.ahead
        if kind == 'number':
            self.place += 1
            return ['number', float(value)]
        if kind != 'name':
            raise self.surprise('operand', value)
        self.place += 1
        return self.function(value) if value in FUNCTIONS else ['name', value]

    def function(self, name):
        self.need('(')
        parts = [self.expression()]
        while self.take(','):
            parts.append(self.expression())
        self.need(')')
        return [name, *parts]


def _tokens(text):
    place = 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if not found:
            place += len(text[place:]) - len(text[place:].lstrip())
            raise FormulaError(place + 1, 'character', text[place])
        kind = found.lastgroup
        value = found[kind]
        position = found.start(kind) + 1
        if kind == 'name' and value != value.lower():
            raise FormulaError(position, 'capital', value)
        if kind == 'number' and len(value) > LONGEST_NUMBER:
            raise FormulaError(position, 'number', value)
        yield kind, SIGNS.get(value, value), position
        place = found.end()
    yield 'end', '', len(text.rstrip()) + 1
