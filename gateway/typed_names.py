"""Names typed into reference fields: without a script, or faster than the choices came, they still find their record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.errors import FieldProblem, Invalid
from contracts.message import Attr
from contracts.query import OptionsOf
from gateway.fields import Typed, line_attrs
from gateway.rpc import Question, ask_all


def resolve(attrs: Mapping[str, Attr], values: dict[str, Any]) -> None:
    """Put ids where only names were typed. Raises Invalid for a name that fits none or several."""
    typed = list(_typed(attrs, values))
    questions = [
        Question(
            attr.ref.partition(".")[0],
            "options",
            OptionsOf(entity=attr.ref, text=str(row[attr.name]), among=attr.among, limit=5),
        )
        for attr, _, row in typed
    ]
    problems = []
    for (attr, path, row), answer in zip(typed, ask_all(*questions), strict=True):
        text = str(row[attr.name])
        found = _fitting(text, answer["options"])
        if len(found) == 1:
            row[attr.name] = found[0]["id"]
        else:
            problems.append(FieldProblem(path, "ambiguous" if found else "not_an_id", value=text))
    if problems:
        raise Invalid(*problems)


def _typed(
    attrs: Mapping[str, Attr], values: dict[str, Any], path: str = ""
) -> Iterator[tuple[Attr, str, dict[str, Any]]]:
    for name, attr in attrs.items():
        if attr.lines is not None:
            for number, row in enumerate(values.get(name) or []):
                yield from _typed(line_attrs(attr), row, f"{path}{name}.{number}.")
        elif isinstance(values.get(name), Typed):
            yield attr, path + name, values


def _fitting(text: str, options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those called exactly so; else all that contain the fragment."""
    wanted = text.casefold()
    names = ("label", "label_en", "number")
    exact = [o for o in options if any((o.get(name) or "").casefold() == wanted for name in names)]
    return exact or options
