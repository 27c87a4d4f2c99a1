"""The demo company is the source's company in size, the same each time, and made of what our own forms accept."""

from collections import Counter
from datetime import date

from contracts.customer import Customer, CustomerExtras, Lead
from contracts.organization import Staff
from deploy.demo import LOGINS, PASSWORD, customers, people
from deploy.demo.words import Words
from services.organization import base_data, roles, rules

TODAY = date(2026, 3, 10)
FILE = [*customers.customers(Words(2001), TODAY)]
LEADS = [*customers.leads(Words(2001), TODAY)]


def test_twenty_eight_work_here_at_two_branches_and_one_has_left():
    here = [person for person in people.STAFF if person.login != people.LEFT]
    assert Counter(people.branch_of(person) for person in here) == {"HQ": 22, "SH": 6}
    assert Counter(p.department for p in here if people.branch_of(p) == "HQ") == {
        "-": 1, "marketing": 3, "sales": 8, "service": 7, "office": 3,
    }  # fmt: skip
    assert len(people.STAFF) == 29


def test_everybody_reports_to_somebody_named_before_her():
    for number, person in enumerate(people.STAFF):
        assert person.manager == "-" or person.manager in {p.login for p in people.STAFF[:number]}
        assert person.role in roles.NAMES


def test_the_logins_we_print_are_people_of_the_roles_we_say():
    found = {person.login: person.role for person in people.STAFF}
    assert [found[login] for _, _, login, _ in LOGINS] == [
        "rep", "sales_manager", "accountant", "service_engineer", "general_manager", "administrator", "rep",
    ]  # fmt: skip
    assert not any(rules.is_weak(PASSWORD, login) for login in found)


def test_nine_hundred_customers_and_fourteen_hundred_leads_all_with_names_of_their_own():
    assert (len(FILE), len(LEADS)) == (900, 1400)
    words = Words(2001)
    rows = [*customers.customers(words, TODAY), *customers.leads(words, TODAY)]
    assert len({row["name"] for row in rows}) == 2300


def test_the_recipe_gives_the_same_company_each_time():
    assert [*customers.customers(Words(2001), TODAY)] == FILE


def test_every_row_is_what_the_form_accepts():
    for row in FILE:
        extras = {name: row[name] for name in CustomerExtras.attrs() if name in row}
        CustomerExtras.read(extras)
        Customer.draft().read({name: value for name, value in row.items() if name not in extras})
    for row in LEADS:
        Lead.draft().read(row)
    for number, person in enumerate(people.STAFF):
        Staff.draft().read(people._values(person, number, TODAY))


def test_a_few_former_contracts_still_owe_something():
    told = [row for row in FILE if "contract_amount" in row]
    owing = [row for row in told if float(row["contract_paid"]) < float(row["contract_amount"])]
    assert 230 < len(told) < 310
    assert 12 < len(owing) < 45
    assert all(row["contract_closed_on"] is None for row in owing)


def test_customers_of_headquarters_sit_in_shipped_areas():
    areas = {code for depth, code, *_ in base_data.rows(base_data.REGIONS) if depth}
    assert {code for codes in customers.AREAS.values() for code in codes} == areas


def test_nobody_real_is_called():
    for row in (*FILE, *LEADS):
        assert row["phone"].split("-")[1].startswith("5550")
        assert row["website"].endswith(".example")
        assert row["email"].endswith(".example")
