"""Pages no engine can know, as far as a service in memory can show them."""

import re
from base64 import b64encode
from uuid import UUID

import pytest

from contracts.customer import Lead
from contracts.errors import FieldProblem, Invalid

HTMX = {"HX-Request": "true"}
ID = "00000000-0000-7000-8000-000000000077"
OTHER = "00000000-0000-7000-8000-000000000078"


def remarks(house):
    """A record with one remark on it."""
    rows = [{"id": ID, "text": "Call him first", "created_at": "2026-03-01T02:00:00Z", "created_by": "b"}]
    house.doors["customer", "comments"] = lambda actor, message: {
        "rows": rows, "labels": {"b": {"entity": "organization.staff", "label": "Bob"}}
    }  # fmt: skip
    house.doors["customer", "add_comment"] = lambda actor, message: rows.append(
        {**rows[0], "text": message["text"]}
    )


def test_remarks_are_shown_and_added(alice, house):
    remarks(house)
    address = f"/customer/remarks/lead/{ID}"
    part = alice.get(address, headers={**HTMX, "HX-Target": "remarks"})
    assert "<html" not in part.text
    assert "Call him first" in part.text
    data = {"csrf_token": alice.token(), "text": "Done"}
    assert "Done" in alice.post(address, data=data, headers={**HTMX, "HX-Target": "remarks"}).text
    assert alice.post(address, data=data).location == f"/customer/lead/{ID}"  # without a script
    empty = alice.post(address, data=data | {"text": " "}, headers={**HTMX, "HX-Target": "remarks"})
    assert empty.status_code == 422
    assert "Please fill this in." in empty.text


def test_a_company_we_have_already_is_told_while_typing(alice, house):
    row = {
        "entity": "customer.customer", "id": None, "number": "KH-1", "name": "Acme", "owner": "Carol", "state": None,
        "reason": "phone",
    }  # fmt: skip
    house.doors["customer", "similar"] = lambda actor, message: {"similar": [row]}
    part = alice.get("/customer/similar?name=Acme", headers={**HTMX, "HX-Target": "similar"}).text
    assert "looked after by Carol" in part
    assert "<a href" not in part  # not hers to see
    assert "Acme" not in alice.get("/customer/similar?name=", headers={**HTMX, "HX-Target": "similar"}).text


def test_a_lead_that_is_to_become_a_customer_is_offered_the_one_we_have(alice, house):
    """Users 1: chosen in the dialog itself, by her company where somebody there was found; nothing of what is not hers to see."""
    row = {
        "entity": "customer.customer", "id": OTHER, "number": "KH-1", "name": "Acme", "owner": "Carol", "state": None,
        "reason": "name",
    }  # fmt: skip
    person = {
        **row,
        "entity": "customer.contact",
        "number": None,
        "name": "Fang",
        "customer_id": ID,
        "customer": "Qili",
    }
    found = [row, person, {**row, "id": None, "name": "Hidden"}]
    house.doors["customer", "similar"] = lambda actor, message: {"similar": found}
    lead = "00000000-0000-7000-8000-000000000079"
    stored = {**dict.fromkeys(Lead.attrs()), "id": lead, "ver": 1, "name": "Acme", "state": "new"}
    house.doors["customer", "get"] = lambda actor, message: {
        "row": stored,
        "can": {"verbs": ["convert"]},
        "labels": {},
    }
    dialog = alice.get(f"/customer/lead/{lead}/convert", headers={**HTMX, "HX-Target": "dialog-body"}).text
    assert f'hx-get="/customer/similar?lead_id={lead}" hx-target="this"' in dialog  # not the whole dialog
    part = alice.get(f"/customer/similar?lead_id={lead}", headers={**HTMX, "HX-Target": "similar"}).text
    ways = [f'href="/customer/lead/{lead}/convert?customer_id={id}"' for id in (OTHER, ID)]
    assert [part.count(way) for way in ways] == [1, 1]
    assert "Hidden" in part
    assert (part.count("<li>"), part.count("/convert?")) == (3, 4)


def test_the_persons_page_changes_password_language_and_keys(alice, house):
    told = {
        "rows": [{"kind": "contract_signed", "way": "bell", "usual": "bell"}],
        "ways": ["email", "bell", "none"],
    }
    asked = []
    for service, door, answer in (
        ("organization", "tokens", []), ("organization", "my_sessions", []), ("notification", "preferences", told),
        ("organization", "change_password", None), ("organization", "change_language", None),
        ("organization", "make_token", {"id": ID, "name": "Excel", "token": "gx_secret"}), ("notification", "set_preference", None),
    ):  # fmt: skip
        house.doors[service, door] = lambda actor, message, d=door, a=answer: asked.append((d, message)) or a
    assert alice.get("/person").status_code == 200
    assert "gx_secret" in alice.send("/person/tokens", name="Excel", expires_on="").text
    assert alice.send("/person/password", current="old", password="new").status_code == 303
    assert alice.send("/person/language", language="zh_CN").status_code == 303
    assert alice.send("/person/preferences", contract_signed="email").status_code == 303
    said = {door: message for door, message in asked if door not in {"tokens", "my_sessions", "preferences"}}
    assert said["change_password"]["password"] == "new"
    assert said["change_language"] == {"language": "zh_CN"}
    assert said["set_preference"] == {"kind": "contract_signed", "way": "email"}


def test_a_wrong_present_password_is_said_beside_the_field(alice, house):
    def refuse(actor, message):
        raise Invalid(FieldProblem("current", "wrong_password"))

    house.doors["organization", "change_password"] = refuse
    for door in (
        ("organization", "tokens"),
        ("organization", "my_sessions"),
        ("notification", "preferences"),
    ):
        house.doors[door] = lambda actor, message: []
    answer = alice.send("/person/password", current="x", password="long enough")
    assert answer.status_code == 422
    assert 'id="f-current-error">This is not your present password.' in answer.text


def test_the_pool_is_looked_through_and_picked_from(alice, house):
    """LED-07: how many, what they may bring, and one press to take one."""
    row = {"id": ID, "name": "Acme", "expected_amount": "1200.00", "industry_id": None, "number": "XS-1"}
    asked = []
    house.doors["customer", "pool"] = lambda actor, message: asked.append(message) or {
        "rows": [row], "labels": {}, "next": None, "count": 1, "capped": False, "totals": {"expected_amount": "1200.00"},
    }  # fmt: skip
    house.doors["customer", "pick_lead"] = lambda actor, message: asked.append(message)
    shown = alice.get("/pool?q=ac&sort=-expected_amount").text
    assert "Acme" in shown
    assert shown.count("¥1,200.00") == 2
    assert asked[-1]["query"] == {"where": {}, "any_of": [], "text": "ac", "sort": "-expected_amount", "after": None,
                                  "limit": 50, "totals": True, "archived": False, "each_of": [], "starred": False}  # fmt: skip
    assert alice.get("/pool/customer.json").json["count"] == 1
    answer = alice.send("/customer/do/pick_lead", id=ID, _next=f"/customer/lead/{ID}")
    assert answer.location == f"/customer/lead/{ID}"
    assert asked[-1] == {"id": ID}


def test_the_logo_above_a_web_form_comes_in_parts(app, house):
    parts = [b64encode(b"one ").decode(), b64encode(b"two").decode(), None]
    house.doors["customer", "web_form_logo"] = lambda actor, message: {
        "media_type": "image/png", "data": parts[message["position"]]
    }  # fmt: skip
    logo = app.test_client().get("/form/fair/logo")
    assert (logo.status_code, logo.mimetype, logo.data) == (200, "image/png", b"one two")
    assert logo.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    ("rules", "english", "chinese"),
    [
        ([], "Nobody is told", "没有适用于所有人的规则"),
        ([(None, 3)], "up to 3 days before. As everybody.", "提前 3 天内提醒我。 与所有人一致。"),
        ([(None, 3), (1, 0)], "I am told on the day itself.", "当天提醒我。"),
        ([(None, 3), (2, 7)], "up to 3 days before", "提前 7 天内提醒我。"),
    ],
)  # fmt: skip
def test_ones_own_page_says_when_one_is_told_of_birthdays(house, alice, wang, rules, english, chinese):
    """CAR-03: one's own days go before those for everybody; Alice is the first person here, Wang the second."""
    kept = [{"staff_id": n and str(UUID(int=n)), "days": days} for n, days in rules]
    page = {"rows": kept, "labels": {}, "next": None, "count": 1, "capped": False, "totals": {}}
    house.doors["customer", "list"] = lambda actor, message: page
    shown = alice.get("/person").text
    assert english in " ".join(shown.split())
    own = next((row["days"] for row in kept if row["staff_id"] == str(UUID(int=1))), None)
    address = "/customer/do/set_birthday_days" + ("" if own is None else f"?days={own}")
    assert f'hx-get="{address}"' in shown
    assert alice.get(address).text.count('name="days"') == 1
    if rules != [(None, 3), (1, 0)]:  # that rule is Alice's alone
        assert chinese in " ".join(wang.get("/person").text.split())


def test_every_star_is_within_reach(alice, house):
    """Users «favourites»: up to two hundred of each service, a page at a time, the latest first."""
    rows = [{"entity": "toy.gadget", "id": f"{ID[:-3]}{n:03}", "at": f"2026-03-{n:02}"} for n in range(1, 31)]
    house.doors["toy", "favourites"] = lambda actor, message: {
        "rows": sorted(rows, key=lambda row: row["at"], reverse=True)[: message["limit"]], "labels": {},
    }  # fmt: skip
    asks = {"Accept": "application/json"}
    told = alice.get("/favourites", headers=asks).json
    assert ([row["at"] for row in told["rows"]], told["has_more"]) == (
        [f"2026-03-{n:02}" for n in range(30, 18, -1)],
        True,
    )
    page = alice.get("/favourites").text
    more = re.search(r'hx-get="(/favourites[^"]*)"', page).group(1)
    told = alice.get(more, headers=asks).json
    assert (len(told["rows"]), told["has_more"]) == (30, False)
    assert "Show more" not in alice.get(more).text
