"""How programs bring in files, for `/openapi.json`: from the messages that the pages read themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contracts.message import Record
from contracts.transfer import AnswerUnknown, BadRows, ImportJob, ImportWish, Source
from gateway.entity_pages.import_pages import STEPS

SHARED = (ImportJob, AnswerUnknown, BadRows, Source)
"""Messages that the paths below speak of."""
JOB = {"name": "job", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
SOURCE = {**JOB, "name": "source"}
REF = "#/components/schemas/{}"
FIRST = "The file has come; its rows are read and looked at in the background. Ask for the job until it is «checked»."


def paths(
    record: type[Record], operation: Callable[..., dict[str, Any]], problems: Callable[..., dict[str, Any]]
) -> dict[str, Any]:
    """Everything under `…/import` of one kind of record."""
    base = f"/{record.service()}/{record.noun()}/import"
    job = _answer("The job as it is now.", {"$ref": REF.format("ImportJob")})
    found: dict[str, Any] = {
        base: {
            "get": operation(
                "import_fields", "Which fields a file may fill, the latest jobs, and the kinds of files that are known",
                responses={"200": _answer("Them.", OVERVIEW), **problems()},
            ),
            "post": operation(
                "import_file", "Bring in a file: xlsx, xls, ods, csv or vCard; nothing is made before it is run",
                requestBody={"required": True, "content": {"multipart/form-data": {"schema": _form()}}},
                responses={"202": {**job, "description": FIRST}, **problems(413, 422)},
            ),
        },
        f"{base}/{{job}}": {
            "parameters": [JOB],
            "get": operation("import_job", "How far a job is", responses={"200": job, **problems(404)}),
        },
        f"{base}/{{job}}/bad-rows.json": {
            "parameters": [JOB, {"name": "after", "in": "query", "schema": {"type": "integer"}}],
            "get": operation(
                "import_bad_rows", "Rows that were set aside and why; also as .csv and .xlsx with all columns of the file",
                responses={"200": _answer("Some of them; go on with `after`.", {"$ref": REF.format("BadRows")}), **problems(404)},
            ),
        },
        f"{base}/{{job}}/check": _step(
            operation("import_check", "Answer what is not known, and look at all rows again",
                requestBody={"content": {"application/json": {"schema": {"$ref": REF.format("AnswerUnknown")}}}},
                responses={"202": job, **problems(404, 409, 422)}),
        ),
        f"{base}/{{job}}/go_on": _step(
            operation("import_go_on", "Read on a file whose reading was stopped", responses={"202": job, **problems(404)})
        ),
        f"{base}/sources/{{source}}/forget": {
            "parameters": [SOURCE],
            "post": operation(
                "import_forget", "Forget how files of one kind are brought in",
                responses={"200": _answer("Forgotten.", {}), **problems(404)},
            ),
        },
    }  # fmt: skip
    for step, (_door, message) in STEPS.items():
        says = (message.__doc__ or step).strip()
        found[f"{base}/{{job}}/{step}"] = _step(
            operation(f"import_{step}", says, responses={"200": job, **problems(404, 409)})
        )
    return found


def _step(post: dict[str, Any]) -> dict[str, Any]:
    return {"parameters": [JOB], "post": post}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _form() -> dict[str, Any]:
    """The wishes beside the file; those that are objects travel as JSON text in their part of the form."""
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    return {
        "type": "object",
        "required": ["file"],
        "properties": {"file": file, **ImportWish.model_json_schema()["properties"]},
    }


OVERVIEW = {
    "type": "object", "required": ["fields", "jobs", "sources"],
    "properties": {
        "fields": {"type": "array", "items": {"type": "object", "required": ["name", "label", "kind"]}},
        "jobs": {"type": "array", "items": {"$ref": REF.format("ImportJob")}},
        "sources": {"type": "array", "items": {"$ref": REF.format("Source")}},
    },
}  # fmt: skip
