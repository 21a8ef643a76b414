"""The table of concepts tells the truth: every label, model, field and test that it names is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "developers" / "concepts.md"
ADDONS = sorted(path.parent for path in ROOT.glob("*/__manifest__.py"))
CODE = re.compile(r"`([^`]+)`")
LABEL = re.compile(r"\*([^*]+)\*")
QUOTED = re.compile(r"""_t\(\s*["']([^"']+)["']""")
SHOWN = ("string", "name", "title", "placeholder", "add-label", "help")


def found_in(*patterns: str) -> list[Path]:
    """The files of all our addons that match one of these patterns."""
    return [path for addon in ADDONS for pattern in patterns for path in sorted(addon.glob(pattern))]


def rows() -> list[tuple[str, str, str, str]]:
    """The rows of all tables: concept, where in the interface, models with their fields, tests."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4 and cells[0] != "concept" and not set(cells[0]) <= set("- "):
            found.append((cells[0], cells[1], cells[2], cells[3]))
    return found


def groups(cell: str) -> list[tuple[str, list[str]]]:
    """What a cell names: ``[(first, [those after the colon])]``.

    >>> groups("`kam.plan`: `state`, `date_end`; `kam.tier`")
    [('kam.plan', ['state', 'date_end']), ('kam.tier', [])]
    """
    named = []
    for part in cell.split(";"):
        words = CODE.findall(part)
        assert words, f"nothing named in {part!r}"
        named.append((words[0], words[1:]))
    return named


def strings(node: ast.AST) -> list[str]:
    return [child.value for child in ast.walk(node) if isinstance(child, ast.Constant) and isinstance(child.value, str)]


@cache
def models() -> dict[str, tuple[set[str], set[str]]]:
    """``{model: (its fields, what it inherits)}`` as the sources of the addon define and extend them."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for path in found_in("models/*.py", "wizards/*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.ClassDef):
                continue
            values = {
                target.id: statement.value for statement in node.body if isinstance(statement, ast.Assign)
                for target in statement.targets if isinstance(target, ast.Name)}
            inherited = strings(values["_inherit"]) if "_inherit" in values else []
            own = strings(values["_name"]) if "_name" in values else inherited[:1]
            for name in own:
                fields, parents = found.setdefault(name, (set(), set()))
                fields |= {name for name, value in values.items() if isinstance(value, ast.Call)}
                parents |= set(inherited) - {name}
    return found


def fields_of(model: str) -> set[str]:
    fields, parents = models().get(model, (set(), set()))
    return fields.union(*(fields_of(parent) for parent in parents))


@cache
def labels() -> set[str]:
    """What people can read on a screen: texts and labels of views, menus and data, of fields and of scripts."""
    found: set[str] = set()
    for path in found_in("[dvrw]*/*.xml", "static/src/**/*.xml"):
        for node in ElementTree.parse(path).iter():
            found.update(node.get(name, "") for name in SHOWN)
            found.update((node.text or "", node.tail or ""))
    for path in found_in("models/*.py", "wizards/*.py"):
        found.update(strings(ast.parse(path.read_text(encoding="utf-8"))))
    for path in found_in("static/src/**/*.js"):
        found.update(QUOTED.findall(path.read_text(encoding="utf-8")))
    # A field without a label of its own is called by its name.
    found.update(name.replace("_id", "").replace("_", " ").capitalize()
                 for fields, _parents in models().values() for name in fields)
    return {" ".join(text.split()) for text in found}


@cache
def names_of_tests(name: str) -> set[str]:
    """The tests of the file called so, wherever it stands; none where there is no such file."""
    paths = [*found_in(f"tests/{name}.py"), *ROOT.glob(f"tests/**/{name}.py")]
    return {
        node.name for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:60])
def test_row(row: tuple[str, str, str, str]) -> None:
    concept, where, defined, tested = row
    assert concept and where
    unknown = {label.strip() for phrase in LABEL.findall(where) for label in phrase.split("›")} - labels()
    assert not unknown, f"nothing on the screens is called {', '.join(sorted(unknown))}"
    for model, names in groups(defined):
        assert model in models(), f"no model {model}"
        missing = set(names) - fields_of(model)
        assert not missing, f"{model} has no {', '.join(sorted(missing))}"
    for file, names in groups(tested):
        present = names_of_tests(file)
        assert present, f"no file of tests {file}"
        assert names, f"say which tests of {file} hold it"
        assert not set(names) - present, f"{file} has no {', '.join(sorted(set(names) - present))}"


def test_the_table_is_read() -> None:
    named = {model for _concept, _where, defined, _tested in rows() for model, _names in groups(defined)}
    assert {"kam.plan", "kam.dafo", "kam.dafo.strategy", "kam.objective", "kam.objective.checkin"} <= named
    assert "kam_strategy_id" in fields_of("crm.lead")
    assert "state" in fields_of("kam.plan")
    assert "no_such_field" not in fields_of("kam.plan")
    assert not names_of_tests("test_no_such_file")
    assert {"Also covers", "Start it", "Account plans", "Priorities", "Know the customer"} <= labels()
    assert "No such label" not in labels()
