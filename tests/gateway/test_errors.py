"""Problems as pages, toasts and JSON."""

import pytest

from contracts.errors import FieldProblem, Invalid, Problem
from gateway import errors
from tests.gateway import toy


@pytest.mark.parametrize(
    "address", ["/toy/zzz", "/zzz", "/toy/gadget/00000000-0000-0000-0000-000000000009", "/toy/gadget/5"]
)
def test_what_is_not_there_is_not_found(alice, address):
    answer = alice.get(address)
    assert answer.status_code == 404
    assert answer.headers["X-Call-Id"] in answer.text


def test_json_gets_a_problem_document(alice):
    answer = alice.get("/toy/gadget/00000000-0000-0000-0000-000000000009.json")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert (answer.json["code"], answer.json["status"]) == ("NotFound", 404)
    assert answer.json["call_id"] == answer.headers["X-Call-Id"]
    assert answer.json["detail"] == "This does not exist."


def test_htmx_gets_a_toast(alice, house):
    house.silent.add("toy")
    answer = alice.get("/toy/gadget", headers={"HX-Request": "true", "HX-Target": "list"})
    assert answer.status_code == 503
    assert answer.headers["HX-Retarget"] == "#toasts"
    assert "<html" not in answer.text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_where_no_form_shows_it_the_sentence_says_what_is_wrong(alice, house, headers):
    """Users 9: a view that names a field there is not is kept from a dialog that has no such field."""

    def refuses(_actor, _message):
        raise Invalid(FieldProblem("query", "no_such_field", value="by=colour"))

    house.doors["toy", "list"] = refuses
    answer = alice.get("/toy/gadget", headers={"Accept-Language": "en", **headers})
    assert (answer.status_code, "no such field: by=colour" in answer.text) == (422, True)


def test_a_service_that_is_down_is_named_and_the_page_stands(alice, house):
    house.silent.add("toy")
    answer = alice.get("/toy/gadget")
    assert answer.status_code == 503
    assert "A part of the system (Toy) does not answer." in answer.text
    assert 'id="sidebar"' in answer.text
    assert answer.headers["Retry-After"]


def test_related_lists_of_a_silent_part_do_not_take_the_page_down(alice, house):
    house.doors["toy", "list"] = lambda actor, message: (_ for _ in ()).throw(
        Problem.known["Unavailable"](service="toy")
    )
    id = house.add(toy.Maker, name="Works")
    answer = alice.get(f"/toy/maker/{id}")
    assert answer.status_code == 200
    assert "This part does not answer at the moment." in answer.text


def test_a_mistake_of_ours_is_a_number_to_quote(alice, house):
    house.doors["toy", "list"] = lambda actor, message: 1 / 0
    answer = alice.get("/toy/gadget")
    assert answer.status_code == 500
    assert answer.headers["X-Call-Id"] in answer.text
    assert "ZeroDivision" not in answer.text


def test_the_wrong_method_and_unreadable_json_are_said(alice):
    assert alice.delete("/toy/gadget", headers={"X-CSRFToken": alice.token()}).status_code == 405
    headers = {"X-CSRFToken": alice.token(), "Content-Type": "application/json"}
    answer = alice.post("/toy/gadget", data="{nope", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (422, "Invalid")


@pytest.mark.parametrize(
    ("asked", "status"), [("/toy/gadget?q=a%00b", 200), ("/search?q=a%00b", 200), ("/customer/similar?name=a%00b", 422)]
)  # fmt: skip
def test_a_sign_that_no_database_keeps_in_an_address_is_no_mistake_of_ours(alice, asked, status):
    """Users 20."""
    answer = alice.get(asked, headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert status == 200 or [wrong["field"] for wrong in answer.json["fields"]] == ["name"]


def test_every_status_has_a_title():
    assert {cls.status for cls in Problem.known.values()} <= set(errors.TITLES)


def test_every_pattern_can_be_said(alice):
    for cls in Problem.known.values():
        assert "{" not in errors.wording.gettext(cls.pattern) or cls.pattern.format_map(_Anything())


class _Anything(dict):
    def __missing__(self, key):
        return "x"


def test_health_names_what_is_silent(app, house):
    browser = app.test_client()
    assert browser.get("/healthz").json["parts"]["toy"] == "ok"
    house.silent.add("sales")
    answer = browser.get("/healthz")
    assert (answer.status_code, answer.json["silent"]) == (503, ["sales"])


def test_search_finds_everywhere_and_names_what_is_silent(alice, house):
    house.add(toy.Gadget, name="Lamp", amount="1")
    house.add(toy.Maker, name="Lampmaker")
    page = alice.get("/search?q=lamp").text
    assert "Lampmaker" in page
    assert "/toy/gadget/" in page
    assert "Not searched, because it does not answer" not in page
    house.silent.add("sales")
    assert "Sales" in alice.get("/search?q=lamp").text


def test_the_bell_is_quiet_when_nobody_answers(alice, house):
    assert alice.get("/bell").status_code == 200
    house.silent.add("notification")
    assert "does not answer" in alice.get("/bell/latest").text


def test_assets_have_hashed_names_and_are_kept(alice):
    import re

    address = re.search(r'href="(/assets/guanxi\.[0-9a-f]{10}\.css)"', alice.get("/toy/gadget").text).group(1)
    answer = alice.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert alice.get("/assets/guanxi.0000000000.css").status_code == 404
    assert alice.get("/assets/../settings.py").status_code == 404
