"""Tables of the keys of a file, made from the models that read it."""

from typing import Any

from pydantic import BaseModel

from flexsync.desired import fleet_spec, rule_spec, spec, spec_people, spec_services
from flexsync.desired.patterns import DAY
from flexsync.plan.change import KINDS
from flexsync.plan.limits import DEFAULTS

#: Name of a table in docs/format.md to the model it comes from.
TABLES: dict[str, type[BaseModel]] = {
    "subscription": spec.Subscription,
    "company": spec.CompanyEntry,
    "product": spec_services.ProductEntry,
    "dossier": spec_services.DossierEntry,
    "admin": spec_people.AdminEntry,
    "user": spec_people.UserEntry,
    "service": spec_services.ServiceEntry,
    "evidence": spec_services.EvidenceEntry,
    "secret": spec_services.SecretRef,
    "policy": spec.PolicyEntry,
    "fleet": fleet_spec.Fleet,
    "clients": fleet_spec.ClientsEntry,
    "rule": rule_spec.PolicyRule,
    "allowed": rule_spec.DriftAllowed,
    "limit": fleet_spec.LimitEntry,
    "bound": fleet_spec.Bound,
}


#: What each limit class counts.
COUNTS = {
    "invite": "new accounts, administrators and returns",
    "revoke": "products withdrawn from users",
    "deactivate": "users who lose their seat; those whose last day has passed do not count",
    "service_off": "services switched off",
    "data_mode": "data brought back to local",
    "admin_change": "another person, other names or another e-mail as administrator",
    "contract": "contract facts, products and offers",
    "delete": "accounts erased",
    "close": "subscriptions closed",
    "undo": "changes taken back",
}


def limit_table() -> str:
    """The limit classes with their default bounds."""
    rows = [
        f"| `{name}` | {COUNTS[name]} | {limit.each or 'none'} | {limit.fleet or 'none'} |"
        for name, limit in DEFAULTS.items()
    ]
    return "\n".join(["| class | counts | each | fleet |", "| --- | --- | --- | --- |", *rows]) + "\n"


def kind_table() -> str:
    """Every kind of change, in the order in which a run does them."""
    rows = [
        f"| `{kind.symbol}` | {kind.words} | `{kind.name}` | {kind.danger} | {kind.limit and f'`{kind.limit}`'} |"
        for kind in KINDS.values()
    ]
    return "\n".join(["| sign | words | kind | danger | limit |", "| --- | --- | --- | --- | --- |", *rows]) + "\n"


def key_table(model: type[BaseModel]) -> str:
    """A Markdown table with a row for each key: what it may hold, and what it means."""
    schema = model.model_json_schema()
    rows = [
        f"| `{key}` | {_kind(part, schema.get('$defs', {}))} | {_cell(part.get('description', ''))} |"
        for key, part in sorted(schema["properties"].items(), key=_heading_first)
    ]
    return "\n".join(["| key | holds | meaning |", "| --- | --- | --- |", *rows]) + "\n"


def _heading_first(item: tuple[str, Any]) -> bool:
    """The lines that every file begins with come first; the others keep their order."""
    return item[0] not in {"apiVersion", "kind", "name"}


def _kind(part: dict[str, Any], definitions: dict[str, Any]) -> str:
    choices = [choice for choice in part.get("anyOf", [part]) if choice.get("type") != "null"]
    return _words(choices[0], definitions)


def _words(part: dict[str, Any], definitions: dict[str, Any]) -> str:  # noqa: PLR0911 - a table
    match part:
        case {"const": value}:
            return f"`{value}`"
        case {"enum": values}:
            return " or ".join(f"`{value}`" for value in values)
        case {"type": "boolean"}:
            return "`true` or `false`"
        case {"type": "integer", "minimum": low, "maximum": high}:
            return f"{low:,} to {high:,}"
        case {"type": "string", "pattern": pattern} if pattern == DAY:
            return "date"
        case {"type": "string"}:
            return "text"
        case {"type": "array", "items": items}:
            return f"list of {_words(items, definitions)}"
        case {"type": "object"}:
            return "map by key"
        case {"$ref": _}:
            return "keys below"
    return "value"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
