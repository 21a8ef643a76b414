"""What a printed page is made of: sections of short rows, each with what it says when there is nothing.

Pages are put together in Python, by whoever knows the records, and drawn by one template
(`kam_management.page_section`), so that all of them look alike.
"""
from dataclasses import dataclass, field


@dataclass
class Section:
    """A heading with a table or with texts under it.

    :param code: technical name; tests and extensions find the section by it.
    :param columns: headings; a row has as many texts. An empty heading is a column without one.
    :param rows: texts, an unknown one as False.
    :param texts: ``(label, text)`` of a section of prose.
    :param empty: the sentence that stands in for rows and texts; a section without any of the three is left out.
    :param more: how many further rows there are that the page has no room for; `finished` puts it in words.
    :param numbers: positions of columns that are aligned like figures.
    """

    code: str
    title: str
    columns: tuple = ()
    rows: list = field(default_factory=list)
    texts: list = field(default_factory=list)
    empty: str = ""
    more: int = 0
    more_text: str = ""
    numbers: tuple = ()

    def __bool__(self):
        return bool(self.rows or self.texts or self.empty)


def table(code, title, columns, rows, *, most=None, empty="", numbers=()):
    """A section of the first `most` rows, which says how many it leaves out."""
    rows = list(rows)
    shown = rows if most is None else rows[:most]
    return Section(code, title, tuple(columns), shown, empty=empty, more=len(rows) - len(shown), numbers=tuple(numbers))


def prose(code, title, texts, *, empty=""):
    """A section of labelled texts; those that say nothing are left out."""
    return Section(code, title, texts=[(label, text) for label, text in texts if text], empty=empty)


def finished(env, sections):
    """Those of the sections that say something, each with the sentence on what it leaves out."""
    sections = [section for section in sections if section]
    for section in sections:
        if section.more:
            section.more_text = env._("and %(number)s more", number=section.more)
    return sections
