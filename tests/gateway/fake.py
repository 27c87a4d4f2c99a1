"""A service in memory behind the same doors as a real one: what the gateway's tests speak to instead of a broker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import jwt

from chassis.wire import Call
from contracts import periods
from contracts.actor import Actor, Grant
from contracts.errors import (
    ChangedMeanwhile,
    FieldProblem,
    Forbidden,
    IllegalTransition,
    Invalid,
    KeyReused,
    NotFound,
    Problem,
    Unauthenticated,
    Unavailable,
)
from contracts.message import Record
from contracts.organization import SavedView
from contracts.query import Query
from tests.gateway.fake_imports import DOORS, FakeImports

ALICE = Actor(
    id=UUID(int=1), name="Alice", branch_code="BJ", language="en",
    grants=(Grant(permission="*", scope="all"),),
)  # fmt: skip
WANG = ALICE.model_copy(update={"id": UUID(int=2), "name": "王建国", "language": "zh_CN"})
DAN = ALICE.model_copy(
    update={"id": UUID(int=3), "name": "Dan", "grants": (Grant(permission="toy.*.read", scope="all"),)}
)
PEOPLE = {"alice": ALICE, "wang": WANG, "dan": DAN}
PASSWORD = "right horse"


class FakeHouse:
    """All services at once; give it the records it keeps."""

    def __init__(self, *records: type[Record]) -> None:
        self.records = {record.entity(): record for record in records}
        self.rows: dict[str, dict[str, dict[str, Any]]] = {record.entity(): {} for record in records}
        self.changes: list[dict[str, Any]] = []
        self.sessions: dict[str, Actor] = {}
        self.calls: list[Call] = []
        self.silent: set[str] = set()
        self.done: dict[str, tuple[Any, Any]] = {}
        self.doors: dict[tuple[str, str], Callable[[Actor, dict[str, Any]], Any]] = {}
        self.imports = FakeImports(self)
        self.now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    # -- the wire -----------------------------------------------------------------------------------------------

    def settle(self, calls: list[Call], timeout: float = 10) -> list[Any]:
        return [self._one(call) for call in calls]

    def _one(self, call: Call) -> Any:
        self.calls.append(call)
        try:
            if call.service in self.silent:
                raise Unavailable(service=call.service)
            if call.key and call.key in self.done:
                before, result = self.done[call.key]
                if before != (call.method, call.message):
                    raise KeyReused()
                return result
            result = self._answer(call)
            if call.key:
                self.done[call.key] = ((call.method, call.message), result)
            return result
        except Problem as problem:
            return Problem.from_dict(problem.as_dict())

    def _answer(self, call: Call) -> Any:
        actor = self._actor(call.token)
        message = call.message
        own = self.doors.get((call.service, call.method))
        if own is not None:
            return own(actor, message)
        if call.method in {"sign_in", "resolve", "sign_out"}:
            return getattr(self, f"_{call.method}")(message)
        if call.method == "labels":
            return self._names(message)
        if call.method in DOORS:
            return self.imports.answer(call.service, call.method, actor, message)
        if call.method == "ping":
            return {"status": "ok"}
        if call.method == "search":
            return self._search(call.service, actor, message)
        entity = message.get("entity", "")
        if call.method == "list" and entity not in self.records:
            return {"rows": [], "labels": {}, "next": None, "count": 0, "capped": False, "totals": {}}
        if entity in self.records:
            return getattr(self, f"_{call.method}")(self.records[entity], actor, message)
        verb, _, noun = call.method.partition("_")
        record = self.records.get(f"{call.service}.{noun}")
        if record is None:
            raise NotFound(entity="door", id=call.method)
        return self._act(record, actor, verb, message)

    @staticmethod
    def _actor(token: str) -> Actor:
        # signatures are the chassis' business and tested there
        return Actor.model_validate(jwt.decode(token, options={"verify_signature": False})["actor"])

    def _search(self, service: str, actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        mine = [
            r for r in self.records.values() if r.service() == service and actor.may(f"{r.entity()}.read")
        ]
        pages = [(record, self._list(record, actor, {"query": message})) for record in mine]
        found = [
            {"entity": record.entity(), **{name: page[name] for name in ("rows", "count", "capped")}}
            for record, page in pages
            if page["rows"]
        ]
        return {"found": found, "files": {"rows": [], "labels": {}}}

    # -- organization -------------------------------------------------------------------------------------------

    def _sign_in(self, message: dict[str, Any]) -> dict[str, Any]:
        person = PEOPLE.get(message["login"])
        if person is None or message["password"] != PASSWORD:
            raise Unauthenticated()
        session = uuid4().hex
        self.sessions[session] = person
        return {"session": session, "actor": person.model_dump(mode="json")}

    def _resolve(self, message: dict[str, Any]) -> dict[str, Any]:
        if message["session"] not in self.sessions:
            raise Unauthenticated()
        return self.sessions[message["session"]].model_dump(mode="json")

    def _sign_out(self, message: dict[str, Any]) -> None:
        self.sessions.pop(message["session"], None)

    # -- entities -----------------------------------------------------------------------------------------------

    def add(self, record: type[Record], **values: Any) -> str:
        """A row straight into the books."""
        draft = record.draft().read(values)
        row = self._new(record, ALICE, draft.model_dump(mode="json"), None)
        return str(row["id"])

    def _new(
        self, record: type[Record], actor: Actor, values: dict[str, Any], id: str | None
    ) -> dict[str, Any]:
        self.now += timedelta(minutes=1)
        empty = {name: a.default for name, a in record.attrs().items()}
        row = {**empty, **values, "id": id or str(uuid4()), "ver": 1, "created_at": self.now.isoformat()}
        row |= {"updated_at": row["created_at"], "created_by": str(actor.id), "updated_by": str(actor.id)}
        if "number" in row:
            row["number"] = f"G-2026-{len(self.rows[record.entity()]) + 1:05}"
        self._number_lines(record, row)
        self.rows[record.entity()][row["id"]] = row
        self._log(
            record, row, actor, "create", {n: [None, v] for n, v in values.items() if v not in (None, "", [])}
        )
        return row

    @staticmethod
    def _number_lines(record: type[Record], row: dict[str, Any]) -> None:
        for name, a in record.attrs().items():
            if a.lines:
                lines = enumerate(row.get(name) or (), start=1)
                row[name] = [
                    {**line, "id": line.get("id") or str(uuid4()), "position": n} for n, line in lines
                ]

    def _log(
        self, record: type[Record], row: Any, actor: Actor, door: str, changes: Any, note: Any = None
    ) -> None:
        self.changes.insert(0, {
            "id": str(uuid4()), "entity": record.entity(), "record_id": row["id"], "ver": row["ver"],
            "at": self.now.isoformat(), "actor_id": str(actor.id), "actor_name": actor.name, "door": door,
            "note": note, "changes": changes,
        })  # fmt: skip

    def _row(self, record: type[Record], message: dict[str, Any]) -> dict[str, Any]:
        row = self.rows[record.entity()].get(str(message["id"]))
        if row is None:
            raise NotFound(entity=record.entity(), id=message["id"])
        if message.get("ver") is not None and message["ver"] != row["ver"]:
            raise ChangedMeanwhile(entity=record.entity(), id=row["id"], ver=row["ver"])
        return row

    def _behind(self, record: type[Record], rows: list[dict[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for row in rows:
            for name, a in record.attrs().items():
                for id in _many(row.get(name)) if a.ref else ():
                    found |= self._label(a.ref, str(id))
                for line in (row.get(name) or []) if a.lines else []:
                    found |= self._behind(a.lines, [line])  # type: ignore[arg-type]
        return found

    def _label(self, entity: str, id: str) -> dict[str, Any]:
        if entity == "organization.staff":
            person = next((p for p in PEOPLE.values() if str(p.id) == id), None)
            return {id: {"entity": entity, "label": person.name}} if person else {}
        row = self.rows.get(entity, {}).get(id)
        if row is None:
            return {}
        label = row.get("name") or row.get("number")
        return {
            id: {
                "entity": entity,
                "label": label,
                "label_en": row.get("name_en"),
                "number": row.get("number"),
            }
        }

    def _list(self, record: type[Record], actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        self._may(actor, record, "read")
        query = Query.model_validate(_of_actor(message.get("query", {}), actor))
        if "gone" in query.where:
            raise Invalid(FieldProblem("gone", "unknown"))
        rows = [row for row in self.rows[record.entity()].values() if self._fits(record, row, query)]
        order = query.sort or record.sort
        name = order.lstrip("-")
        if name not in record.attrs():
            raise Invalid(FieldProblem("sort", "unknown", value=name))
        rows.sort(
            key=lambda row: (row[name] is not None, str(row[name] or "")), reverse=order.startswith("-")
        )
        start = int(query.after or 0)
        shown = rows[start : start + query.limit]
        if told := message.get("fields"):  # as a service: nothing else is in a row then
            shown = [{name: row[name] for name in told} for row in shown]
        totals = {
            name: str(sum((Decimal(row[name] or 0) for row in rows), Decimal("0.00")))
            for name, a in record.attrs().items()
            if a.kind == "amount" and a.in_list and query.totals
        }
        return {
            "rows": shown, "labels": self._behind(record, shown), "count": len(rows), "capped": False,
            "next": str(start + query.limit) if len(rows) > start + query.limit else None, "totals": totals,
        }  # fmt: skip

    @staticmethod
    def _may(actor: Actor, record: type[Record], action: str) -> None:
        if not actor.may(f"{record.entity()}.{action}"):
            raise Forbidden(permission=f"{record.entity()}.{action}")

    @staticmethod
    def _fits(record: type[Record], row: dict[str, Any], query: Query) -> bool:
        if row["archived_at"] and not query.archived:
            return False
        if query.text:
            texts = (str(row[name] or "") for name, a in record.attrs().items() if a.search)
            if not any(query.text.casefold() in text.casefold() for text in texts):
                return False
        groups = [query.where] if query.where or not query.any_of else []
        return all(_holds(row, k, v) for group in groups for k, v in group.items()) and (
            not query.any_of
            or any(all(_holds(row, k, v) for k, v in group.items()) for group in query.any_of)
        )

    def _get(self, record: type[Record], actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        found = self._whole(record, actor, self._row(record, message))
        if message.get("history"):
            found["history"] = self._history(record, actor, message)
        return found

    def _whole(self, record: type[Record], actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
        life, live = record.lifecycle, row["archived_at"] is None
        verbs = life.possible(row["state"], not live) if life else ()
        ended = life is not None and row["state"] in life.final
        can = {
            "update": live and actor.may(f"{record.entity()}.update"),
            "archive": live and actor.may(f"{record.entity()}.archive"),
            "restore": not live and not ended and actor.may(f"{record.entity()}.archive"),
            "verbs": [v for v in verbs if actor.may(f"{record.service()}.{v}_{record.noun()}")],
        }
        labels = {**self._behind(record, [row]), **self._label(record.entity(), row["id"])}
        return {"row": row, "labels": labels, "can": can}

    def _create(self, record: type[Record], actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        self._may(actor, record, "create")
        draft = record.draft().read(message["values"])
        return self._whole(
            record, actor, self._new(record, actor, draft.model_dump(mode="json"), message.get("id"))
        )

    def _update(self, record: type[Record], actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        self._may(actor, record, "update")
        row = self._row(record, message)
        patch = record.patch().read(message["values"]).model_dump(mode="json", exclude_unset=True)
        return self._change(record, actor, row, "update", patch)

    def _change(
        self,
        record: type[Record],
        actor: Actor,
        row: Any,
        door: str,
        values: dict[str, Any],
        note: Any = None,
    ) -> dict[str, Any]:
        self.now += timedelta(minutes=1)
        changes = {name: [row.get(name), value] for name, value in values.items() if row.get(name) != value}
        row |= values | {
            "ver": row["ver"] + 1,
            "updated_at": self.now.isoformat(),
            "updated_by": str(actor.id),
        }
        self._number_lines(record, row)
        self._log(record, row, actor, door, changes, note)
        return self._whole(record, actor, row)

    def _archive(self, record: type[Record], actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        values = {"archived_at": self.now.isoformat()}
        return self._change(record, actor, self._row(record, message), "archive", values, message.get("note"))

    def _restore(self, record: type[Record], actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        return self._change(record, actor, self._row(record, message), "restore", {"archived_at": None})

    def _history(self, record: type[Record], actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        row = self._row(record, message)
        return {"changes": [c for c in self.changes if c["record_id"] == row["id"]], "labels": {}}

    def _options(self, record: type[Record], actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        text = (message.get("text") or "").casefold()
        rows = [r for r in self.rows[record.entity()].values() if text in str(r.get("name")).casefold()]
        return {
            "options": [{"id": r["id"], **self._label(record.entity(), r["id"])[r["id"]]} for r in rows[:20]]
        }

    def _names(self, message: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for id in message["ids"]:
            found |= self._label(message["entity"], id)
        return {"labels": found}

    def _act(self, record: type[Record], actor: Actor, verb: str, message: dict[str, Any]) -> dict[str, Any]:
        if not actor.may(f"{record.service()}.{verb}_{record.noun()}"):
            raise Forbidden(permission=f"{record.service()}.{verb}_{record.noun()}")
        row = self._row(record, message)
        assert record.lifecycle is not None
        target = record.lifecycle.leads(verb, row["state"])
        if target is None:
            raise IllegalTransition(verb=verb, state=row["state"])
        door = f"{verb}_{record.noun()}"
        return self._change(record, actor, row, door, {"state": target}, message.get("note"))


def keep_views(house: FakeHouse) -> None:
    """Let the house keep saved views, and which one opens first."""
    kept = house.rows[SavedView.entity()] = {}
    house.records[SavedView.entity()] = SavedView
    first: dict[UUID, dict[str, Any]] = {}

    def views(actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        rows = [row | {"owner_id": row["created_by"]} for row in kept.values() if not row["archived_at"]]
        hers = [r for r in rows if r["owner_id"] == str(actor.id) or r["audience"] != "myself"]
        if message.get("grouped"):
            hers = [r for r in hers if "by=" in r["query"]]
        return {"rows": hers, "first": first.get(actor.id)}

    def open_first(actor: Actor, message: dict[str, Any]) -> None:
        first[actor.id] = {name: message[name] for name in ("view_id", "query")}

    house.doors["organization", "views"], house.doors["organization", "open_first"] = views, open_first


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value] if value else []


def _of_actor(asked: Any, actor: Actor) -> Any:
    """«me» is whoever asks."""
    if isinstance(asked, dict):
        return {key: _of_actor(value, actor) for key, value in asked.items()}
    if isinstance(asked, list | tuple):
        return [_of_actor(value, actor) for value in asked]
    return str(actor.id) if asked == "me" else asked


def _holds(row: dict[str, Any], key: str, wanted: Any) -> bool:
    name, _, comparison = key.partition("__")
    value = row.get(name)
    if isinstance(wanted, str) and not comparison and periods.is_period(wanted):
        first, last = periods.span(wanted, datetime.now(UTC).date())
        return value is not None and str(first or "") <= str(value)[:10] <= str(last or "9")
    if isinstance(wanted, list):
        return str(value) in map(str, wanted)
    if comparison == "empty":
        return (value in (None, "")) == (str(wanted) in {"yes", "True", "1"})
    if comparison == "contains":
        return str(wanted) in str(value or "")
    if comparison in {"gte", "lte", "gt", "lt"}:
        if value is None:
            return False
        left, right = (Decimal(value), Decimal(wanted)) if _is_number(value) else (str(value), str(wanted))
        return {"gte": left >= right, "lte": left <= right, "gt": left > right, "lt": left < right}[
            comparison
        ]
    return (str(value) == str(wanted)) != (comparison == "ne")


def _is_number(value: Any) -> bool:
    return str(value).replace(".", "", 1).lstrip("-").isdigit()
