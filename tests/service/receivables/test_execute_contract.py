"""Steps of execution: who does what by when, and what was done (CTR-02, CTR-03, CTR-04)."""

import pytest

from contracts.errors import IllegalTransition, Invalid
from contracts.receivables import ExecutionChanged
from tests.cast import ALICE_ID, BOB_ID, id_of
from tests.desk import Desk
from tests.factories.receivables import ALICE, drafted, signed

STEPS = [
    {"kind": "delivery", "planned_on": "2026-04-01", "executor_id": str(ALICE_ID), "quantity": "3"},
    {"kind": "acceptance", "planned_on": "2026-04-10", "executor_id": str(BOB_ID)},
]


def test_a_step_is_done(house: Desk):
    contract = signed(house, steps=STEPS)
    steps = as_entered(contract["steps"])
    steps[0] |= {"done_on": "2026-03-31", "amount": "1,000", "note": "三台"}
    row = house.ask(ALICE, "execute_contract", id=contract["id"], ver=contract["ver"], steps=steps)["row"]
    assert [(s["id"], s["kind"], s["done_on"], s["amount"]) for s in row["steps"]] == [
        (steps[0]["id"], "delivery", "2026-03-31", "1000.00"),
        (steps[1]["id"], "acceptance", None, None),
    ]
    assert row["state"] == "signed"


def as_entered(steps: list[dict]) -> list[dict]:
    """What the form sends back: the fields people fill in, and which line it is."""
    return [{name: step[name] for name in ("id", "kind", "executor_id", "quantity")} for step in steps]


def test_everybody_who_has_or_had_a_part_hears_of_it(house: Desk):
    contract = signed(house, steps=STEPS)
    house.ask(ALICE, "execute_contract", id=contract["id"], steps=as_entered(contract["steps"][:1]))
    (event,) = house.emitted(ExecutionChanged)
    assert set(event.executor_ids) == {ALICE_ID, BOB_ID}


def test_how_far_each_step_is_is_told(house: Desk):
    """CUS-07: it leads the customer on in its lifecycle."""
    steps = [
        {"kind": "delivery", "begun_on": "2026-03-05", "done_on": "2026-03-09"},
        {"kind": "training", "begun_on": "2026-03-10"},
    ]
    house.ask(ALICE, "execute_contract", id=signed(house)["id"], steps=steps)
    (event,) = house.emitted(ExecutionChanged)
    assert [(s.kind, str(s.begun_on), str(s.done_on)) for s in event.steps] == [
        ("delivery", "2026-03-05", "2026-03-09"),
        ("training", "2026-03-10", "None"),
    ]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ({"kind": "party"}, ("steps.0.kind", "not_a_choice")),
        ({"kind": "review", "amount": "-1"}, ("steps.0.amount", "too_small")),
        ({"kind": "review", "executor_id": str(id_of(999))}, ("steps.0.executor_id", "not_an_id")),
    ],
)
def test_wrong_input_names_its_field(house: Desk, step, problem):
    contract = signed(house)
    with pytest.raises(Invalid) as raised:
        house.ask(ALICE, "execute_contract", id=contract["id"], steps=[step])
    assert [(p.field, p.code) for p in raised.value.fields] == [problem]


def test_a_draft_is_changed_by_its_form(house: Desk):
    with pytest.raises(IllegalTransition):
        house.ask(ALICE, "execute_contract", id=drafted(house)["id"], steps=STEPS)
