"""The table of states and verbs."""

from contracts.lifecycle import Lifecycle

LIFE = Lifecycle(
    start="draft",
    sign="draft -> signed",
    note="draft, signed",
    cancel="draft, signed -> cancelled",
    hidden=("note",),
)


def test_the_table_says_where_a_verb_leads():
    assert LIFE.leads("sign", "draft") == "signed"
    assert LIFE.leads("sign", "signed") is None
    assert LIFE.leads("note", "signed") == "signed"


def test_only_what_is_possible_and_meant_for_people_is_offered():
    assert LIFE.possible("draft") == ("sign", "cancel")
    assert LIFE.possible("cancelled") == ()
    assert LIFE.states == ("draft", "signed", "cancelled")
