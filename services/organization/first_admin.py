"""Makes the first administrator of a fresh installation:

    python -m services.organization.first_admin LOGIN NAME [--branch NAME]

The password is read from standard input; with nothing there a strong one is drawn and printed. Run again with the same
login it sets a new password and gives the role back, so nobody is locked out for good.
"""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys

from chassis.console import working
from chassis.settings import service_settings
from chassis.work import Work
from contracts.errors import Invalid
from contracts.organization import role_id
from services.organization import model, rules
from services.organization.actions import password, session
from services.organization.seed import seed
from services.organization.service import OrganizationService


def main() -> None:
    """As the module says."""
    parser = argparse.ArgumentParser(
        prog="python -m services.organization.first_admin",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("login")
    parser.add_argument("name")
    parser.add_argument("--branch", default="", help="name of the branch, when there is none yet")
    given = parser.parse_args()
    told = getpass.getpass("Password (empty: draw one): ") if sys.stdin.isatty() else sys.stdin.read().strip()
    chosen = told or secrets.token_urlsafe(12)
    settings = service_settings()
    url = settings.database(OrganizationService.name)
    try:
        with working(OrganizationService, settings.branch, url, "first_admin") as work:
            make(work, given.login, given.name, chosen, given.branch)
    except Invalid as problem:
        sys.exit("; ".join(f"{field.field}: {field.code}" for field in problem.fields))
    print(f"{given.login} may look after people and roles now.")
    if not told:
        print(f"Password: {chosen}")


def make(work: Work, login: str, name: str, chosen: str, branch_name: str = "") -> model.Staff:
    """Somebody with the administrator's role and this password, at this copy's branch."""
    seed(work)
    branch = work.find(model.Branch, code=work.branch) or work.add(
        model.Branch(
            code=work.branch, name=branch_name or work.branch, is_headquarters=not work.find_all(model.Branch)
        )
    )
    work.session.flush()
    staff = work.find(model.Staff, login=rules.folded(login)) or work.add(
        model.Staff(login=login, name=name, branch_id=branch.id, roles=[])
    )
    work.session.flush()
    staff.roles = [*dict.fromkeys((*staff.roles, role_id("administrator")))]
    if staff.state == "left":
        staff.rejoin()
    work.session.flush()
    password.keep_password(work, staff, chosen)
    session.end_all(work, staff.id)
    return staff


if __name__ == "__main__":
    main()
