"""Data that follows a schema, or nearly, made from a seed."""

from random import Random
from typing import Any

Schema = dict[str, Any]

_KEYS = ["a", "ab", "p.martin", "vat_filing", "mobile_data", "DUPONT", "A b", "x" * 64, "é", "1a", "ab\n", ""]
_TEXTS = ["x", "", " ", "yes", "2026-02-28", "2026-02-30", "0001-01-01", "0000-01-01", "2027-02-29", "Anne-Lise d'Ô"]
_TEXTS += ["a\n", "٣", "<b>", "a=b==", "=?x", "a=?", "madame", "local", "FLEX_{name}", "C0042317", "x" * 90, "x" * 300]
_TEXTS += ["٢٠٢٦-01-01", "\u2028", "İ", "a\u0301", "\U0001f600", "12.1", "2024-02-29", "2024-02-29\n"]
_ODD: list[Any] = [None, True, 0, -1, 10**12, [], {}, ["a"], {"a": None}, "hosted"]


def document(schema: Schema, seed: int) -> Any:
    """Data of which each part follows `schema` nine times in ten, or always when `seed` is even."""
    return _Maker(schema, Random(seed), odds=0.1 if seed % 2 else 0).value(schema)


class _Maker:
    def __init__(self, root: Schema, random: Random, odds: float) -> None:
        self.root, self.random, self.odds = root, random, odds

    def value(self, schema: Schema) -> Any:
        if "$ref" in schema:
            return self.value(self.root["$defs"][schema["$ref"].rsplit("/", 1)[1]])
        if "anyOf" in schema:
            return self.value(self.random.choice(schema["anyOf"]))
        if schema is not self.root and self.random.random() < self.odds:
            return self.random.choice(_ODD + _TEXTS)
        if "const" in schema or "enum" in schema:
            return self.random.choice(schema.get("enum") or [schema["const"]])
        if schema.get("examples") and self.random.random() < 0.5:
            return self.random.choice(schema["examples"])
        kind = schema["type"] if isinstance(schema["type"], str) else self.random.choice(schema["type"])
        return getattr(self, kind)(schema)

    def object(self, schema: Schema) -> Any:
        if "properties" not in schema:
            keys = self.random.choices(_KEYS if self.odds else _KEYS[:2], k=self.random.randint(0, 3))
            return {key: self.value(schema["additionalProperties"]) for key in keys}
        names = sorted(schema["properties"])
        some = self.random.sample(names, k=self.random.randint(0, min(5, len(names))))
        return {name: self.value(schema["properties"][name]) for name in {*some, *schema.get("required", [])}}

    def array(self, schema: Schema) -> Any:
        return [self.value(schema["items"]) for _ in range(self.random.randint(0, 3))]

    def string(self, _: Schema) -> Any:
        return self.random.choice(_TEXTS)

    def integer(self, schema: Schema) -> Any:
        return self.random.randint(schema["minimum"] - 1, min(schema["maximum"] + 1, 1001))

    def boolean(self, _: Schema) -> Any:
        return self.random.random() < 0.5

    def null(self, _: Schema) -> Any:
        return None
