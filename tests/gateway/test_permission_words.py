"""What a role may do is read by people who know no names of programs."""

import pytest

from gateway.permission_words import permission_words


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        ("sales.*", "Sales: everything"), ("customer.lead.read", "Leads: see"), ("sales.quote.*", "Quotes: everything"),
        ("*.comment.read", "Comments: see"), ("receivables.sign_contract", "Contracts: Sign"),
        ("customer.*_lead", "Leads: all steps"), ("customer.calendar", "Calendar"), ("customer.similar", ""),
        ("customer.no_such.thing", ""),
    ],
)  # fmt: skip
def test_a_permission_is_said_in_words_where_people_have_some(app, house, permission, words):
    with app.test_request_context(headers={"Cookie": "guanxi_language=en"}):
        assert permission_words(permission) == words
