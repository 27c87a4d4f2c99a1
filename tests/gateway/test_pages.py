"""Pages no engine can know, as far as a service in memory can show them."""

from base64 import b64encode

from contracts.errors import FieldProblem, Invalid

HTMX = {"HX-Request": "true"}
ID = "00000000-0000-7000-8000-000000000077"


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
