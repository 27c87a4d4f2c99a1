"""Colleagues named in remarks, on pages (users 9): offered while typing, shown as chips in the reader's language."""

import pytest

ID = "01900000-0000-7000-8000-000000000001"
WANG_ID = "01900000-0000-7000-8000-000000000002"
ADDRESS = f"/customer/remarks/customer/{ID}"
LABEL = {"entity": "organization.staff", "label": "王芳", "label_en": "Fang Wang"}


@pytest.fixture
def remarked(house):
    """One remark that mentions 王芳."""
    row = {
        "id": ID, "text": "<b>请</b> @王芳 看，@王强 不用", "mentions": [WANG_ID], "created_at": "2026-03-01T02:00:00+00:00",
        "created_by": WANG_ID,
    }  # fmt: skip
    house.doors["customer", "comments"] = lambda actor, message: {"rows": [row], "labels": {WANG_ID: LABEL}}
    house.doors["customer", "add_comment"] = lambda actor, message: message
    house.doors["customer", "colleagues"] = lambda actor, message: {
        "options": [{"id": WANG_ID, "label": "王芳", "label_en": "Fang Wang", "login": "wangfang"}] if message["text"] else []
    }  # fmt: skip


def test_a_mention_is_a_chip_and_the_rest_is_text(alice, wang, remarked):
    chip = '<span class="mention-chip">@{}</span>'
    shown = alice.get(ADDRESS).text
    assert chip.format("Fang Wang") in shown
    assert "&lt;b&gt;" in shown
    assert "@王强 不用" in shown
    assert chip.format("王芳") in wang.get(ADDRESS).text


def test_colleagues_are_offered(alice, wang, remarked):
    found = alice.get(f"{ADDRESS}/colleagues?q=wa").text
    assert 'data-login="wangfang"' in found
    assert "Fang Wang" in found
    assert "<html" not in found
    assert "Nobody of this name" in alice.get(f"{ADDRESS}/colleagues").text
    assert "没有" in wang.get(f"{ADDRESS}/colleagues").text
    json = {"Accept": "application/json"}
    assert alice.get(f"{ADDRESS}/colleagues?q=w", headers=json).json["options"][0]["login"] == "wangfang"


def test_written_in_a_dialog_one_comes_back_to_the_page(alice, remarked):
    dialog = {"HX-Request": "true", "HX-Target": "dialog-body"}
    form = alice.get(ADDRESS, headers=dialog).text
    assert 'id="dialog-title"' in form
    assert f'data-mention="{ADDRESS}/colleagues"' in form
    token = {"csrf_token": alice.token(), "text": "@wangfang"}
    assert (
        alice.post(ADDRESS, data=token, headers=dialog).headers["HX-Redirect"] == f"/customer/customer/{ID}"
    )
    empty = alice.post(ADDRESS, data={**token, "text": ""}, headers=dialog)
    assert (empty.status_code, "field-error" in empty.text) == (422, True)
