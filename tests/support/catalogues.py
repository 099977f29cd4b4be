"""The built-in catalogue, read without the reader that the rules do not know."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import flexsync
from flexsync.catalogue import Catalogue, Label, Member, Offer, ProductType, ServiceType
from flexsync.state import day


def builtin() -> Catalogue:
    text = (Path(flexsync.__file__).parent / "catalogue.yaml").read_text(encoding="utf-8")
    data = YAML(typ="safe", pure=True).load(text)
    return Catalogue(
        offers={code: _offer(code, entry) for code, entry in data["offers"].items()},
        products={
            code: ProductType(code, Label(**entry["label"]), tuple(entry["editions"]), entry.get("hostable", False))
            for code, entry in data["products"].items()
        },
        services={code: _service(code, entry) for code, entry in data["services"].items()},
    )


def _offer(code: str, entry: dict[str, Any]) -> Offer:
    services = tuple(entry.get("services", ()))
    return Offer(code, Label(**entry["label"]), entry["rank"], services, entry.get("hosting", False))


def _service(code: str, entry: dict[str, Any]) -> ServiceType:
    flags = {name: entry.get(name, False) for name in ("derived", "secret", "sirets", "bank")}
    return ServiceType(
        code=code,
        label=Label(**entry["label"]),
        products=tuple(entry["products"]),
        prerequisites={paper: Label(**label) for paper, label in entry.get("prerequisites", {}).items()},
        members=tuple(_member(member) for member in entry.get("members", ())),
        **flags,
    )


def _member(entry: dict[str, Any]) -> Member:
    retired = entry.get("retired_on")
    when = day(retired) if isinstance(retired, str) else retired
    return Member(entry["code"], Label(**entry["label"]), when, entry.get("replaced_by", ""))
