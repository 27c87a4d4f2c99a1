"""`make docs`: writes what is generated from the code: docs/events.md and the schemas of all events.

A schema in contracts/schemas/ is how an event has gone out so far. Neighbours of different age understand each other as
long as it only grows by optional fields; anything else is refused here and found by the tests.
"""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from typing import Any

from chassis import registry
from contracts.message import Event, Listed

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "contracts" / "schemas"
EVENTS = ROOT / "docs" / "events.md"


def main() -> int:
    """Write everything; says what may not change, and leaves that as it is."""
    refused = write_schemas()
    EVENTS.write_text(events_page())
    for line in refused:
        print(line, file=sys.stderr)
    return 1 if refused else 0


def write_schemas() -> list[str]:
    """Bring the stored schemas up to date. Returns what would break neighbours; those files stay."""
    SCHEMAS.mkdir(exist_ok=True)
    refused: list[str] = []
    for name, event in registry.events().items():
        path, now = SCHEMAS / f"{name}.json", schema(event)
        broken = breaks(stored(name), now) if path.exists() else []
        refused += [f"{name}: {problem}" for problem in broken]
        if not broken:
            path.write_text(json.dumps(now, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    for name in left_over():
        refused.append(f"{name}: is gone. Remove contracts/schemas/{name}.json once nobody sends or hears it")
    if refused:
        refused.append(
            "Give a changed event a new name; or, if it never went out, remove its schema and run this again."
        )
    return refused


def schema(event: type[Event]) -> dict[str, Any]:
    """The shape of an event's body, without words."""
    return _without_words(event.model_json_schema())


def stored(name: str) -> dict[str, Any]:
    """The shape in which it has gone out so far."""
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text())
    return found


def left_over() -> list[str]:
    """Stored schemas of events that are no more."""
    return sorted({path.stem for path in SCHEMAS.glob("*.json")} - registry.events().keys())


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        words = ("title", "description") if "type" in value or "$ref" in value or "anyOf" in value else ()
        return {
            key: _without_words(item) for key, item in value.items() if key not in words and key != "attr"
        }
    return [_without_words(item) for item in value] if isinstance(value, list) else value


def breaks(before: dict[str, Any], now: dict[str, Any], at: str = "") -> list[str]:
    """What a neighbour that knows the schema `before` would stumble over; empty when it only grew by optional fields."""
    found: list[str] = []
    for name, was in before.get("properties", {}).items():
        if name not in now.get("properties", {}):
            found.append(f"{at}{name} is gone")
        elif now["properties"][name] != was:
            found.append(f"{at}{name} changed its kind")
    for name in sorted({*before.get("required", ())} - {*now.get("required", ())}):
        if name in now.get("properties", {}):
            found.append(f"{at}{name} is no longer always there")
    for name in sorted({*now.get("required", ())} - {*before.get("required", ())}):
        found.append(f"{at}{name} must be there from now on")
    for name, was in before.get("$defs", {}).items():
        found += breaks(was, now.get("$defs", {}).get(name, {}), f"{name}.")
    return found


def events_page() -> str:
    """docs/events.md: who announces what, what it carries, who hears it."""
    lines = [
        "# Events",
        "",
        "Written by `make docs` from `contracts/` and the services; not to be edited. Fields in brackets may be missing.",
        "Every record that others refer to also has its card (`…Listed`): id, number, names and the values named below.",
    ]
    heard = listeners()
    for source in dict.fromkeys(event.service() for event in registry.events().values()):
        lines += ["", f"## {source}", "", "| event | says | carries | heard by |", "|---|---|---|---|"]
        for name, event in registry.events().items():
            if event.service() == source:
                by = ", ".join(heard.get(name, [])) or "–"
                lines.append(f"| {event.__name__} | {_says(event)} | {_carried(event)} | {by} |")
    return "\n".join(lines) + "\n"


def _says(event: type[Event]) -> str:
    own = inspect.cleandoc(vars(event).get("__doc__") or "").split("\n\n")[0]
    return " ".join(own.replace("|", "/").split()) or (
        "the card of a row" if issubclass(event, Listed) else ""
    )


def _carried(event: type[Event]) -> str:
    if issubclass(event, Listed):
        return f"`{event.entity}` " + " ".join(event.carries)
    return " ".join(name if info.is_required() else f"[{name}]" for name, info in event.model_fields.items())


def listeners() -> dict[str, list[str]]:
    """Event → the services that hear it; those that only keep the card in brackets."""
    found: dict[str, list[str]] = {}
    for service_name in registry.names():
        service = registry.service_class(service_name)
        reacting = {door.message for door in service.reactions().values()}
        for source, type_ in sorted(service.hears()):
            event = service.hears()[source, type_]
            found.setdefault(f"{source}.{type_}", []).append(
                service_name if event in reacting else f"({service_name})"
            )
    return found


if __name__ == "__main__":
    sys.exit(main())
