"""Which scope an actor's grants give."""

from contracts.actor import Actor, Grant
from tests.cast import ALICE_ID, person


def test_the_widest_of_all_matching_grants_counts():
    bob = person(ALICE_ID, "Bob", "sales.* own", "sales.quote.read department", "sales.quote.* team")
    assert bob.scope("sales.quote.read") == "department"
    assert bob.scope("sales.quote.update") == "team"
    assert bob.scope("sales.win_opportunity") == "own"
    assert bob.scope("receivables.contract.read") is None


def test_nobody_known_may_only_ask_to_be_let_in():
    nobody = Actor.anonymous()
    assert nobody.may("organization.sign_in")
    assert not nobody.may("organization.staff.read")


def test_a_token_from_a_newer_version_is_still_read():
    assert Actor.model_validate({**Actor.system("x").model_dump(), "new_field": 1}).kind == "system"
    assert Grant(permission="a.*", scope="own").scope == "own"


def test_a_copy_with_other_grants_does_not_remember_the_old_ones():
    anne = person(ALICE_ID, "Anne", "sales.* own")
    assert anne.scope("sales.quote.read") == "own"
    assert anne.model_copy(update={"grants": ()}).scope("sales.quote.read") is None
    assert anne.scope("sales.quote.read") == "own"
