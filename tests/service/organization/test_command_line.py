"""What is done without the browser: the first administrator, a token for a program."""

import os
import subprocess
import sys

import pytest

from chassis.work import Work
from contracts.errors import Invalid
from contracts.organization import role_id
from services.organization import first_admin, model
from services.organization.service import OrganizationService
from tests.desk import Databases, Desk
from tests.service.organization.conftest import SYSTEM, Company


def make(office: Desk, *words: str) -> model.Staff:
    with office.house.sessions.begin() as session:
        return first_admin.make(Work(session, SYSTEM, office.house, door="first_admin"), *words)


def test_a_fresh_installation_gets_its_branch_and_its_administrator(office: Desk):
    staff = make(office, "root", "管理员", "a fine password", "总部")
    [branch] = office.rows(model.Branch)
    assert (branch.code, branch.name, branch.is_headquarters) == ("HQ", "总部", True)
    assert staff.roles == [role_id("administrator")]
    company = Company(office, {})
    assert company.sign_in("root", "a fine password")["actor"]["roles"] == ["administrator"]


def test_said_again_it_lets_the_same_person_in_again(company: Company):
    make(company.desk, "Eve", "Eve", "another password", "")
    assert company.sign_in("Eve", "another password")["actor"]["roles"] == ["administrator"]
    assert len(company.desk.rows(model.Staff, login="eve")) == 1


def test_a_weak_password_makes_nobody(office: Desk):
    with pytest.raises(Invalid):
        make(office, "root", "管理员", "12345678", "")
    assert office.rows(model.Staff) == []


def test_the_commands_run_as_they_are_typed(own_database: Databases):
    told = os.environ | {
        "DATABASE_URL": own_database.server, "GUANXI_DATABASE_PREFIX": own_database.prefix, "AMQP_URL": "amqp://nowhere/x",
        "GUANXI_PUBLIC_KEY": "none",
    }  # fmt: skip

    def typed(*words: str, says: str = "") -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", *words]
        return subprocess.run(command, input=says, env=told, capture_output=True, text=True, timeout=60)

    assert typed("services.organization.token", "zoe").returncode == 1
    made = typed("services.organization.first_admin", "zoe", "Zoe", "--branch", "Here")
    assert made.returncode == 0, made.stderr
    assert "Password: " in made.stdout
    token = typed("services.organization.token", "ZOE", "nightly export").stdout.strip()
    assert token.startswith("gx_")
    assert "\n" not in token
    weak = typed("services.organization.first_admin", "zoe", "Zoe", says="12345678")
    assert (weak.returncode, weak.stderr.strip()) == (1, "password: weak_password")


@pytest.fixture
def own_database(databases: Databases):
    """What these commands write is not rolled back, so they get a database of their own."""
    found = Databases(databases.server, f"{databases.prefix}cli_")
    found.engine(OrganizationService)
    yield found
    found.drop()
