"""Prints a token for somebody's programs: `python -m services.organization.token LOGIN [WHAT IT IS FOR]`."""

from __future__ import annotations

import argparse
import sys

from chassis.console import working
from chassis.settings import service_settings
from services.organization import model, rules
from services.organization.actions import token
from services.organization.service import OrganizationService


def main() -> None:
    """Only the token goes to standard output, so that a shell can take it."""
    parser = argparse.ArgumentParser(prog="python -m services.organization.token", description=__doc__)
    parser.add_argument("login")
    parser.add_argument("name", nargs="?", default="made at the command line")
    given = parser.parse_args()
    settings = service_settings()
    url = settings.database(OrganizationService.name)
    with working(OrganizationService, settings.branch, url, "make_token") as work:
        staff = work.find(model.Staff, login=rules.folded(given.login))
        if staff is None or not staff.works_here:
            sys.exit(f"Nobody who works here has the login {given.login}.")
        made = token.issue(work, staff, given.name[:100])
    print(made.token)


if __name__ == "__main__":
    main()
