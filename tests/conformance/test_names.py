"""What holds for every file and every name."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from contracts.errors import Problem
from services.organization import rules
from tests.conformance import everything

NOWHERE = {"utils", "util", "common", "helpers", "helper", "misc", "core"}
"""Names that say nothing about what is inside: rules hide there."""
EMPTY_WORDS = ("Manager", "Helper", "Processor", "Handler", "Data", "Info", "Util", "Utils")
FILES = {str(path.relative_to(everything.ROOT)): path for path in everything.python_files()}


def test_every_module_is_named_after_what_it_does():
    parts = {part for name in FILES for part in Path(name).with_suffix("").parts}
    assert sorted(parts & NOWHERE) == []


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_what_it_is_for(name: str):
    tree = ast.parse(FILES[name].read_text())
    assert ast.get_docstring(tree), "no docstring at the top"


def test_no_class_has_an_empty_name():
    found = [
        f"{name}: {node.name}"
        for name, path in FILES.items()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and node.name.endswith(EMPTY_WORDS)
    ]
    assert found == []


def test_a_problem_is_known_by_its_name_alone():
    """Two classes of one name would answer for each other on the caller's side."""
    names = Counter(cls.__name__ for cls in everything.problems())
    assert [name for name, count in names.items() if count > 1] == []
    assert all(Problem.known[name].__name__ == name for name in names if name != "Problem")


def test_every_problem_has_its_sentence():
    missing = [
        cls.__name__
        for cls in everything.problems()
        if "pattern" not in vars(cls) and cls is not Problem and not cls.__subclasses__()
    ]
    assert missing == []


def test_nothing_of_this_machine_stands_in_a_file():
    here = str(everything.ROOT)
    told = [name for name, path in FILES.items() if here in path.read_text()]
    assert told == []


def test_the_company_can_take_no_number_prefix_that_is_ours():
    """Each begins the numbers of one kind of record only, and an own object's may not begin like any of them."""
    own = everything.OWN.entity()
    shipped = [
        cls.numbered.partition("-")[0]
        for entity, (_, cls) in everything.entities().items()
        if cls.numbered and entity != own
    ]
    assert sorted(shipped) == sorted(rules.SHIPPED_PREFIXES)
