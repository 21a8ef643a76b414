"""Everything that a user reads in Odoo is there in Spanish: no entry of the files is empty, doubtful or broken.

That the files hold every term is checked in Odoo (tests/test_translations.py of each addon).
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
ADDONS = sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))
# What Latin America says differently; an addon that has nothing of the kind has no such file.
AMERICAN = sorted(ROOT.glob("*/i18n/es_419.po"))

PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%%|%s|%d|</?\w+")
# Words that Spain and Latin America say differently; see methodology, section 3.
SPAIN_ONLY = re.compile(r"\b(costes?|DAFO|rectificativas?)\b", re.IGNORECASE)


class Entry(NamedTuple):
    source: str
    translation: str
    fuzzy: bool


def entries(path: Path) -> list[Entry]:
    """The entries of a .po file without its header.

    A block is a run of lines between blank ones; the strings that follow `msgid` and `msgstr` are joined.
    """
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        strings = {"msgid": "", "msgstr": ""}
        keyword, fuzzy = "", False
        for line in block.splitlines():
            if line.startswith("#"):
                fuzzy |= line.startswith("#,") and "fuzzy" in line
                continue
            word, quote, _rest = line.partition('"')
            keyword = word.strip() or keyword
            if quote and keyword in strings:
                strings[keyword] += ast.literal_eval(line[line.index('"'):])
        if strings["msgid"]:
            found.append(Entry(strings["msgid"], strings["msgstr"], fuzzy))
    return found


def test_a_file_is_read_as_it_is_written(tmp_path):
    path = tmp_path / "sample.po"
    path.write_text(
        'msgid ""\nmsgstr ""\n"Language: es\\n"\n\n'
        '#: somewhere\nmsgid "Share"\nmsgstr "Cuota"\n\n'
        '#, fuzzy\nmsgid ""\n"two "\n"lines\\n"\nmsgstr ""\n', encoding="utf-8")
    assert entries(path) == [Entry("Share", "Cuota", False), Entry("two lines\n", "", True)]


def spanish(addon: str) -> Path:
    return ROOT / addon / "i18n" / "es.po"


@pytest.mark.parametrize("addon", ADDONS)
def test_every_term_of_the_template_has_its_spanish(addon):
    template = entries(ROOT / addon / "i18n" / f"{addon}.pot")
    assert template
    assert [entry.source for entry in entries(spanish(addon))] == [entry.source for entry in template]
    assert [entry.source for entry in entries(spanish(addon)) if not entry.translation.strip()] == []


@pytest.mark.parametrize("path", [*map(spanish, ADDONS), *AMERICAN], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_entry_is_doubtful_or_broken(path):
    wrong = [
        entry for entry in entries(path)
        if entry.fuzzy or not entry.translation.strip()
        or sorted(PLACEHOLDER.findall(entry.source)) != sorted(PLACEHOLDER.findall(entry.translation))
        or entry.source.endswith("\n") != entry.translation.endswith("\n")
    ]
    assert wrong == []


def test_latin_america_is_there():
    assert spanish("kam_management").with_name("es_419.po") in AMERICAN


@pytest.mark.parametrize("path", AMERICAN, ids=lambda path: str(path.relative_to(ROOT)))
def test_latin_america_holds_only_what_differs(path):
    base = {entry.source: entry.translation for entry in entries(path.with_name("es.po"))}
    assert [entry.source for entry in entries(path) if base.get(entry.source) in (None, entry.translation)] == []


@pytest.mark.parametrize("addon", ADDONS)
def test_latin_america_says_no_word_of_spain(addon):
    said = {entry.source: entry.translation for entry in entries(spanish(addon))}
    american = spanish(addon).with_name("es_419.po")
    if american.exists():
        said.update((entry.source, entry.translation) for entry in entries(american))
    assert [text for text in said.values() if SPAIN_ONLY.search(text)] == []
