"""What programs are told about us: everything the pages do, and nothing that is refused for its form (users 20)."""

from __future__ import annotations

import inspect
import re

import pytest
from openapi_spec_validator import validate

from gateway import api


@pytest.fixture
def document(alice) -> dict:
    return alice.get("/openapi.json").json


def operations(document: dict) -> dict[str, tuple[str, str, dict]]:
    """By name: where, how, and what is said of it."""
    return {
        one["operationId"]: (path, method, one)
        for path, methods in document["paths"].items()
        for method, one in methods.items()
    }


def test_the_description_is_valid(document):
    validate(document)
    draft = document["components"]["schemas"]["toy.Gadget.Draft"]
    assert set(draft["required"]) == {"name", "amount"}
    assert "post" in document["paths"]["/toy/gadget/{id}/sign"]
    assert "post" in document["paths"]["/toy/do/count_gadgets"]


def test_every_named_schema_is_there(alice, document):
    text = alice.get("/openapi.json").text
    for part in text.split('"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in document["components"]["schemas"]


def test_nobody_needs_to_sign_in_to_read_it(app):
    assert app.test_client().get("/openapi.json").status_code == 200


class TestEverythingThePagesDo:
    def test_every_address_says_what_programs_find_or_why_they_need_it_not(self, app):
        """`@api.described(…)` or `@api.only_page("why")` beside the function."""
        views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
        assert [endpoint for endpoint, view in views.items() if api.of(view) is None] == []
        assert all(
            len(said.reason) > 5 for said in map(api.of, views.values()) if isinstance(said, api.OnlyPage)
        )

    def test_what_answers_json_is_described(self, app, document):
        """But for what a page's script hears when something was dragged, and what is a record as of any kind."""
        told = {
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if isinstance(api.of(app.view_functions[rule.endpoint]), api.OnlyPage)
            and re.search(r"return json\(", inspect.getsource(app.view_functions[rule.endpoint]))
        }
        assert told == {"calendar.move"}

    def test_each_can_be_found_by_its_name(self, document):
        names = [one["operationId"] for methods in document["paths"].values() for one in methods.values()]
        assert len(names) == len(set(names))
        assert all(one["summary"] for _, _, one in operations(document).values())

    @pytest.mark.parametrize(
        "name",
        ["merge", "unmerge", "merges", "duplicates", "change_many", "upload", "job", "job_step", "bad_rows_file", "export",
         "grouped", "options", "paper", "history", "attachments", "my_day_show", "bell_count", "operation_show", "pool_show",
         "lifecycle_one", "customer_value_one", "similar_show", "people_show", "remarks_add", "customer_file_file",
         "calendar_entries", "customer_ask_calendar", "sales_ask_forecast"],
    )  # fmt: skip
    def test_what_pages_do_beside_records_is_there(self, document, name):
        assert name in operations(document)

    def test_every_record_command_and_question_is_there(self, app, document):
        registry, found = app.extensions["guanxi-registry"], operations(document)
        for entity, record in registry.records.items():
            own = entity.replace(".", "_")
            verbs = [*record.all_verbs(), *["create"] * record.creatable, *["update"] * record.editable]
            assert {f"{own}_{what}" for what in ("list", "get", *verbs)} <= set(found), entity
        assert {name.replace(".", "_ask_", 1) for name in registry.questions} <= set(found)

    def test_the_address_is_not_asked_for_again_in_the_body(self, document):
        _, _, merge = operations(document)["merge"]
        schema = document["components"]["schemas"]["merging.MergeOf.Body"]
        assert merge["requestBody"]["content"][api.JSON]["schema"]["$ref"].endswith("merging.MergeOf.Body")
        assert set(schema["required"]) == {"kept_id", "gone_ids"}
        assert "entity" not in schema["properties"]

    def test_a_question_says_what_it_asks_and_is_answered(self, document):
        _, _, asked = operations(document)["sales_ask_forecast"]
        assert {"from_on", "to_on"} <= {one["name"] for one in asked["parameters"]}
        assert "pipeline" not in asked["summary"]
        answer = asked["responses"]["200"]["content"][api.JSON]["schema"]["$ref"].rpartition("/")[2]
        assert "stages" in document["components"]["schemas"][answer]["properties"]

    def test_files_come_under_addresses_of_their_own(self, document):
        path, _, found = operations(document)["paper_file"]
        assert path == "/{service}/{noun}/{id}/paper.{suffix}"
        assert "application/pdf" in found["responses"]["200"]["content"]

    def test_what_need_not_be_said_is_not_asked_for(self, app, alice, house, document):
        """A parameter that is described as required is missed by name; whatever has a default is not."""
        questions = app.extensions["guanxi-registry"].questions
        needed = {
            name: [one["name"] for one in said["parameters"] if one["in"] == "query" and one["required"]]
            for name, (_path, _method, said) in operations(document).items()
        }
        for name, asked in questions.items():  # passed on to the service just as they are
            required = {
                info.alias or field for field, info in asked.model_fields.items() if info.is_required()
            }
            assert set(needed.pop(name.replace(".", "_ask_", 1))) <= required, name
        for name, fields in needed.items():
            path, method, _ = operations(document)[name]
            filled = re.sub(r"{\w+}", "01900000-0000-7000-8000-000000000001", path)
            for field in fields:
                answer = alice.open(filled, method=method.upper(), headers={"Accept": api.JSON})
                assert answer.status_code == 422, (name, answer.text)
                assert field in {wrong["field"] for wrong in answer.json["fields"]}, name

    def test_the_period_of_the_ladder_is_a_year_unless_told(self, alice, house, document):
        _, _, ladder = operations(document)["ladder_show"]
        assert {one["name"] for one in ladder["parameters"] if one["required"]} == set()
        asked = []
        house.doors["customer", "ladder"] = lambda actor, message: asked.append(message) or {"labels": {}}
        assert alice.get("/ladder.json").status_code == 200
        assert {"from_on", "to_on"} <= asked[-1].keys()
