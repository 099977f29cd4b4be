"""Small fleets written into a folder."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from flexsync.desired.declared import Declared
from flexsync.desired.fleet import Across, declared, open_fleet
from flexsync.desired.source import Folder
from flexsync.errors import InvalidFiles, Problem

AS_OF = date(2026, 1, 15)

FLEET = """\
apiVersion: flexsync/v1
kind: Fleet
name: cabinet-morel
people:
  c.morel: {civility: madame, given_name: Claire, family_name: Morel, email: c.morel@morel.example}
  j.roux: {civility: madame, given_name: Julie, family_name: Roux, email: j.roux@morel.example}
defaults:
  offer: ultraflex
  admin: {person: c.morel}
profiles:
  vat:
    seats: 2
    products: {compta: {}}
    users: {j.roux: {access: [compta]}}
    services: {vat_filing: {enabled: true, recipients: [j.roux], password_from: {env: "FLEX_{name}_EFILING"}}}
  payroll:
    products: {paye: {}}
clients: {files: clients/*.yaml, table: clients.csv}
"""

HEADER = "name;siren;legal_name;profiles;seats;sirets;form_sent_on\n"
NOEL = "fleuriste-noel;987654324;Fleuriste Noël;vat;2;98765432400019;2025-02-06\n"


SOLO = """\
apiVersion: flexsync/v1
kind: Subscription
name: {name}
offer: flex
seats: 1
products: {{compta: {{}}}}
admin: {{civility: madame, given_name: Léa, family_name: Bernard, email: {email}, also_user: true}}
"""


def solo(name: str = "solo-bernard", email: str = "lea@bernard.example") -> str:
    """A subscription that needs no fleet."""
    return SOLO.format(name=name, email=email)


def client(name: str, body: str = "") -> str:
    """A client file of the firm."""
    return f"""\
apiVersion: flexsync/v1
kind: Subscription
name: {name}
profiles: [vat]
services: {{vat_filing: {{sirets: ["12345678200010"]}}}}
{body}"""


def write(root: Path, files: Mapping[str, str]) -> Folder:
    """The files, written under `root`."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return Folder(root)


def firm(root: Path, files: Mapping[str, str] | None = None, fleet: str = FLEET, table: str = HEADER) -> Folder:
    """A firm with two persons and two profiles, and what `files` adds."""
    return write(root, {"fleet.yaml": fleet, "clients.csv": table, **(files or {})})


def all_declared(source: Folder, entry: str = "", as_of: date = AS_OF) -> list[Declared]:
    """Every subscription of a folder."""
    return list(declared(open_fleet(source, entry), as_of))


def one(source: Folder, entry: str = "", as_of: date = AS_OF) -> Declared:
    """The only subscription of a folder."""
    (only,) = all_declared(source, entry, as_of)
    return only


def refused(source: Folder, entry: str = "") -> list[Problem]:
    """Why nothing at all can be read from a folder."""
    try:
        open_fleet(source, entry)
    except InvalidFiles as error:
        return list(error.problems)
    return []


def across(found: list[Declared]) -> tuple[Problem, ...]:
    """What does not fit together."""
    across = Across()
    for each in found:
        across.observe(each)
    return across.problems()


def told(problems: "tuple[Problem, ...] | list[Problem]") -> list[str]:
    """Problems as `place: code`."""
    return [f"{problem.where}: {problem.code}" for problem in problems]
