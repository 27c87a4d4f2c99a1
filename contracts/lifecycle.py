"""The life of a document as a table: states, and verbs that lead from one to another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Transition:
    """A verb with the states it starts from and the one it leads to (None: stays where it is)."""

    verb: str
    sources: tuple[str, ...]
    target: str | None


class Lifecycle:
    """States and verbs of a document: `Lifecycle(start="draft", sign="draft -> signed", cancel="draft, signed -> cancelled")`.

    `edit` names the states in which fields may be changed by hand (default: all); `hidden` verbs are not offered as
    buttons because something other than a person's click performs them; `put_away` verbs are done to what was put away
    before, and only to that: it does not come back from where they lead.
    """

    def __init__(
        self, *, start: str, edit: tuple[str, ...] | None = None, hidden: tuple[str, ...] = (),
        put_away: tuple[str, ...] = (), **verbs: str,
    ) -> None:  # fmt: skip
        self.start, self.hidden, self.put_away = start, frozenset(hidden), frozenset(put_away)
        self.transitions = {verb: _transition(verb, text) for verb, text in verbs.items()}
        found = [start]
        for transition in self.transitions.values():
            found += [*transition.sources, *([transition.target] if transition.target else [])]
        self.states: tuple[str, ...] = tuple(dict.fromkeys(found))
        self.editable = frozenset(edit if edit is not None else self.states)
        self.final = frozenset(self.transitions[verb].target for verb in put_away)

    def leads(self, verb: str, state: str, is_put_away: bool | None = None) -> str | None:
        """Where the verb leads from this state; None when it is not possible, or not with what is (not) put away."""
        transition = self.transitions[verb]
        if state not in transition.sources or is_put_away not in (None, verb in self.put_away):
            return None
        return transition.target or state

    def possible(self, state: str, is_put_away: bool = False) -> tuple[str, ...]:
        """Verbs a person could use in this state, in the order they were declared."""
        return tuple(
            v
            for v in self.transitions
            if v not in self.hidden and self.leads(v, state, is_put_away) is not None
        )


def _transition(verb: str, text: str) -> Transition:
    sources, _, target = (part.strip() for part in text.partition("->"))
    return Transition(verb, tuple(part.strip() for part in sources.split(",")), target or None)
