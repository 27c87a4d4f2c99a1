"""What holds for every database: its revisions give the tables that are declared, in one line without branches."""

from __future__ import annotations

import re

import pytest

from chassis import migrate
from tests.conformance import everything

SERVICES = everything.services()


@pytest.mark.parametrize("name", SERVICES)
def test_revisions_and_tables_agree(name: str, databases):
    databases.engine(SERVICES[name])
    assert migrate.difference(name, databases.url(name)) is None


@pytest.mark.parametrize("name", SERVICES)
def test_there_is_one_newest_revision_and_the_file_names_it(name: str):
    folder = everything.ROOT / "services" / name / "migrations"
    files = sorted(path.stem for path in folder.glob("[0-9]*.py"))
    assert (folder / "HEAD").read_text().strip() == files[-1]
    numbers = [int(file[:4]) for file in files]
    assert numbers == list(range(1, len(files) + 1)), "two revisions of one number, or one is missing"
    assert all(re.fullmatch(r"\d{4}_[a-z][a-z0-9_]+", file) for file in files)
    assert not [file for file in files if "auto" in file.split("_")]
