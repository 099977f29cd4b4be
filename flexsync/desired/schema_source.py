"""JSON Schemas from the typed models.

In: the models of `spec` and `fleet_spec`. Out: one self-contained draft 2020-12 schema a kind.
It must not refer to anything outside the schema itself.
"""

from typing import Any

from pydantic import BaseModel

from flexsync.desired.fleet_spec import CatalogueFile, Fleet
from flexsync.desired.spec import Subscription

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELS: dict[str, type[BaseModel]] = {"Subscription": Subscription, "Fleet": Fleet, "Catalogue": CatalogueFile}

Schema = dict[str, Any]


def generate() -> dict[str, Schema]:
    """The schema of each kind, keyed by kind."""
    return {kind: _document(kind, model) for kind, model in MODELS.items()}


def _document(kind: str, model: type[BaseModel]) -> Schema:
    body = _tidy(model.model_json_schema())
    return {"$schema": DIALECT, "$id": f"urn:flexsync:schema:v1:{kind.lower()}", **body}


def _tidy(schema: Any) -> Any:
    """The schema as an editor wants it: no defaults, a plain type where null is one of two."""
    if isinstance(schema, list):
        return [_tidy(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {key: _tidy(value) for key, value in schema.items() if key not in {"default", "properties", "examples"}}
    if "examples" in schema:
        tidy["examples"] = schema["examples"]
    if "properties" in schema:
        tidy["properties"] = {name: _named(name, _tidy(part)) for name, part in schema["properties"].items()}
    return _with_names(_nullable(tidy))


def _named(name: str, schema: Schema) -> Schema:
    return {"title": name.replace("_", " ").title(), **schema}


def _nullable(schema: Schema) -> Schema:
    """`anyOf` of something and null as one schema, unless the something is a reference."""
    choices = schema.get("anyOf", [])
    if len(choices) != 2 or choices[1] != {"type": "null"} or "$ref" in choices[0]:
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    either = {**rest, **choices[0], "type": [choices[0]["type"], "null"]}
    return {**either, "enum": [*either["enum"], None]} if "enum" in either else either


def _with_names(schema: Schema) -> Schema:
    """A pattern for keys as `propertyNames`, so that a key that does not match is an error."""
    if "patternProperties" not in schema:
        return schema
    ((pattern, values),) = schema["patternProperties"].items()
    rest = {key: value for key, value in schema.items() if key != "patternProperties"}
    names = {"pattern": pattern, **schema.get("propertyNames", {})}
    return {**rest, "propertyNames": names, "additionalProperties": values}
