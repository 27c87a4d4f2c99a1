"""Forms in a service: what the one that applies to whoever asks wants filled in is asked at every door, whatever page was used."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis import definitions
from chassis.house import House
from contracts import forms
from contracts.actor import Actor

ENTITY = "organization.form"


def know(house: House, session: Session, actor: Actor) -> None:
    """Let the descriptions of records be as the forms of a person have them; the system and strangers fill in none."""
    found = (
        definitions.known(house, session, ENTITY, forms.described) if actor.kind == "staff" else forms.NONE
    )
    forms.know(found, actor.above)
