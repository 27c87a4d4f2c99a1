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
    buttons because something other than a person's click performs them.
    """

    def __init__(
        self, *, start: str, edit: tuple[str, ...] | None = None, hidden: tuple[str, ...] = (), **verbs: str
    ) -> None:
        self.start, self.hidden = start, frozenset(hidden)
        self.transitions = {verb: _transition(verb, text) for verb, text in verbs.items()}
        found = [start]
        for transition in self.transitions.values():
            found += [*transition.sources, *([transition.target] if transition.target else [])]
        self.states: tuple[str, ...] = tuple(dict.fromkeys(found))
        self.editable = frozenset(edit if edit is not None else self.states)

    def leads(self, verb: str, state: str) -> str | None:
        """Where the verb leads from this state; None when it is not possible."""
        transition = self.transitions[verb]
        return (transition.target or state) if state in transition.sources else None

    def possible(self, state: str) -> tuple[str, ...]:
        """Verbs a person could use in this state, in the order they were declared."""
        return tuple(v for v, t in self.transitions.items() if state in t.sources and v not in self.hidden)


def _transition(verb: str, text: str) -> Transition:
    sources, _, target = (part.strip() for part in text.partition("->"))
    return Transition(verb, tuple(part.strip() for part in sources.split(",")), target or None)
