"""Signing in and out, sessions, tokens, form tokens."""

from tests.gateway.fake import ALICE, PASSWORD


def test_it_works(app):
    browser = app.test_client()
    answer = browser.send("/sign-in", login="alice", password=PASSWORD)
    assert answer.status_code == 303
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("guanxi_session"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.get("/toy/gadget").status_code == 200


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(app):
    browser = app.test_client()
    wrong = browser.send("/sign-in", login="alice", password="x")
    unknown = browser.send("/sign-in", login="nobody", password="x")
    assert wrong.status_code == unknown.status_code == 401
    assert "登录名或密码不正确。" in wrong.text
    assert "登录名或密码不正确。" in unknown.text


def test_too_many_attempts_are_stopped(app):
    browser = app.test_client()
    codes = [browser.send("/sign-in", login="alice", password="x").status_code for _ in range(7)]
    assert codes[-1] == 429


def test_without_a_session_one_signs_in_and_returns(app):
    browser = app.test_client()
    answer = browser.get("/toy/gadget?state=draft")
    assert answer.location == "/sign-in?next=/toy/gadget?state%3Ddraft"
    answer = browser.send("/sign-in", login="alice", password=PASSWORD, next="/toy/gadget?state=draft")
    assert answer.location == "/toy/gadget?state=draft"


def test_the_return_address_never_leaves_the_house(app):
    for address in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        browser = app.test_client()
        assert browser.send("/sign-in", login="alice", password=PASSWORD, next=address).location == "/"


def test_an_expired_session_returns_htmx_to_the_sign_in_page(app):
    browser = app.test_client()
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/toy/gadget?q=a"}
    answer = browser.get("/toy/gadget", headers=headers)
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/toy/gadget?q%3Da"


def test_sign_out_ends_the_session(alice, house):
    assert alice.send("/sign-out").location == "/sign-in"
    assert not house.sessions
    assert alice.get("/toy/gadget").status_code == 303


def test_organization_is_asked_once_a_minute_for_a_session(alice, house):
    for _ in range(3):
        alice.get("/toy/gadget")
    assert len([call for call in house.calls if call.method == "resolve"]) == 1


def test_a_program_uses_a_bearer_token(app, house):
    house.sessions["gx_token"] = ALICE
    program = app.test_client()
    headers = {"Authorization": "Bearer gx_token", "Accept": "application/json"}
    assert program.get("/toy/gadget", headers=headers).json["count"] == 0
    made = program.post("/toy/gadget", json={"name": "Lamp", "amount": 1}, headers=headers)
    assert made.status_code == 201
    wrong = program.get("/toy/gadget", headers={**headers, "Authorization": "Bearer nope"})
    assert (wrong.status_code, wrong.json["code"]) == (401, "Unauthenticated")
    assert wrong.headers["WWW-Authenticate"] == "Bearer"


def test_a_post_without_the_form_token_is_not_believed(alice, house):
    assert alice.post("/toy/gadget", data={"name": "Lamp", "amount": "1"}).status_code == 400
    assert not house.rows["toy.gadget"]


def test_the_policy_allows_no_inline_script(alice):
    answer = alice.get("/toy/gadget")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
