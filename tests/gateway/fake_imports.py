"""Imports of the fake house: a pass is done as soon as it is asked for."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from contracts.actor import Actor
from contracts.errors import Invalid, NotFound

NEXT = {
    "staging": ["check_import", "cancel_job"], "checked": ["check_import", "run_import", "cancel_job"], "done": ["take_back"],
    "cancelled": [], "taken_back": [],
}  # fmt: skip
DOORS = (
    "start_import",
    "stage_rows",
    "check_import",
    "run_import",
    "take_back",
    "cancel_job",
    "job",
    "jobs",
    "bad_rows",
    "source",
    "sources",
    "forget_source",
)
EMPTY = {
    "titles": [],
    "places": [],
    "values": {},
    "sheet": None,
    "expected": None,
    "duplicates": "set_aside",
    "key": None,
}


class FakeImports:
    """Jobs in memory."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.jobs: dict[str, dict[str, Any]] = {}
        self.known: dict[str, dict[str, Any]] = {}

    def answer(self, service: str, door: str, actor: Actor, message: dict[str, Any]) -> Any:
        """One of the doors above."""
        return getattr(self, f"_{door}")(actor, message)

    def _start_import(self, actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        job = {name: message.get(name, empty) for name, empty in EMPTY.items()} | {
            "id": message.get("id") or str(uuid4()), "unknown": [], "added": 0, "is_stalled": False, "entity": message["entity"], "file_name": message["file_name"], "state": "staging",
            "columns": message["columns"], "started_by": str(actor.id), "started_by_name": actor.name, "rows": {},
            "problems": {}, "made_ids": [], "created_at": self.house.now.isoformat(), "error": None, "kept": 0,
        }  # fmt: skip
        self.jobs[job["id"]] = job
        fields = dict(zip(job["titles"], job["places"], strict=True))
        self.known["|".join(sorted(job["titles"]))] = {
            "id": str(uuid4()), "name": message.get("source") or job["file_name"], "titles": job["titles"], "fields": fields,
            "values": job["values"], "used_at": job["created_at"], "is_mine": True,
        }  # fmt: skip
        return self._told(job)

    def _source(self, actor: Actor, message: dict[str, Any]) -> Any:
        return self.known.get("|".join(sorted(message["titles"])))

    def _sources(self, actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        return {"sources": list(self.known.values())}

    def _forget_source(self, actor: Actor, message: dict[str, Any]) -> None:
        self.known = {mark: one for mark, one in self.known.items() if one["id"] != message["id"]}

    def _find(self, id: str) -> dict[str, Any]:
        if id not in self.jobs:
            raise NotFound(entity="import_job", id=id)
        return self.jobs[id]

    def _told(self, job: dict[str, Any]) -> dict[str, Any]:
        sample = [{"row": n, **p} for n, ps in sorted(job["problems"].items()) for p in ps]
        bad = len(job["problems"])
        counts = {
            "total": len(job["rows"]),
            "done": len(job["rows"]),
            "bad": bad,
            "made": len(job["made_ids"]),
        }
        shown = {name: value for name, value in job.items() if name not in {"rows", "problems", "made_ids"}}
        good = len(job["rows"]) - bad if job["state"] != "staging" else 0
        return {**shown, **counts, "good": good, "problems_sample": sample[:20], "can": NEXT[job["state"]]}

    def _stage_rows(self, actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        job = self._find(message["job_id"])
        job["rows"] |= {message["first"] + n: row for n, row in enumerate(message["rows"])}
        return self._told(job)

    def _check_import(self, actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        job = self._find(message["job_id"])
        record = self.house.records[job["entity"]]
        for place, row in job["rows"].items():
            formulas = {name: value for name, value in row.items() if str(value).startswith("=")}
            row = {name: value for name, value in row.items() if not name.startswith("#")}
            wrong = [{"field": n, "code": "formula", "params": {"value": v}} for n, v in formulas.items()]
            try:
                record.draft().read({name: value for name, value in row.items() if name not in formulas})
            except Invalid as problem:
                wrong += [f.as_dict() for f in problem.fields if f.field not in formulas]
            if wrong:
                job["problems"][place] = wrong
        job["state"] = "checked"
        return self._told(job)

    def _run_import(self, actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        job = self._find(message["job_id"])
        record = self.house.records[job["entity"]]
        good = [
            {name: value for name, value in row.items() if not name.startswith("#")}
            for place, row in job["rows"].items()
            if place not in job["problems"]
        ]
        job["made_ids"] = [self.house.add(record, **row) for row in good]
        job["state"] = "done"
        return self._told(job)

    def _take_back(self, actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        job = self._find(message["job_id"])
        for id in job["made_ids"]:
            self.house.rows[job["entity"]].pop(id)
        job["made_ids"], job["state"] = [], "taken_back"
        return self._told(job)

    def _cancel_job(self, actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        job = self._find(message["job_id"])
        job["state"] = "cancelled"
        return self._told(job)

    def _job(self, actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        return self._told(self._find(message["id"]))

    def _jobs(self, actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        return {"jobs": [self._told(job) for job in self.jobs.values()]}

    def _bad_rows(self, actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
        job = self._find(message["job_id"])
        rows = [
            {"row": n, "values": job["rows"][n], "problems": ps} for n, ps in sorted(job["problems"].items())
        ]
        return {"rows": [row for row in rows if row["row"] > message.get("after", 0)], "next": None}
