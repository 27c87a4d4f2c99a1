"""What programs are told about us."""

from openapi_spec_validator import validate


def test_the_description_is_valid(alice):
    document = alice.get("/openapi.json").json
    validate(document)
    draft = document["components"]["schemas"]["toy.Gadget.Draft"]
    assert set(draft["required"]) == {"name", "amount"}
    assert "post" in document["paths"]["/toy/gadget/{id}/sign"]
    assert "post" in document["paths"]["/toy/do/count_gadgets"]


def test_every_named_schema_is_there(alice):
    document = alice.get("/openapi.json").json
    text = alice.get("/openapi.json").text
    for part in text.split('"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in document["components"]["schemas"]


def test_nobody_needs_to_sign_in_to_read_it(app):
    assert app.test_client().get("/openapi.json").status_code == 200
