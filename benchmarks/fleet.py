"""A fleet of N client files that is the same for the same seed: about ten users and 60 to 100 lines each.

    python -m benchmarks.fleet FOLDER N [--seed 7]

Every e-mail is unique in its subscription; the administrator and one collaborator are shared by all
clients through `people`, as in an accountant's firm. SIREN and SIRET have right check digits.
"""

import argparse
import random
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

#: The day of every benchmark.
AS_OF = date(2026, 1, 15)
SECRET_VARIABLE = "FLEX_BENCH_EFILING"
PER_FOLDER = 1000

GIVEN = (
    "Élodie", "Marc", "Sophie", "Jean-Luc", "Aïcha", "Nils", "Chloé", "Hugo", "Inès", "Karim", "Léa", "Mathis",
    "Noémie", "Omar", "Paul", "Rachel", "Samuel", "Théo", "Ursule", "Victor", "Wassila", "Xavier", "Yasmine", "Zoé",
)  # fmt: skip
FAMILY = (
    "Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau", "Simon",
    "Lefèvre", "Michel", "Garcia", "Bertrand", "Vincent", "Girard", "André", "Dupont", "Bonnet", "O'Brien", "Le-Goff",
)  # fmt: skip
TRADES = ("Atelier", "Boulangerie", "Cabinet", "Domaine", "Ferme", "Garage", "Hôtel", "Imprimerie", "Librairie")
PRODUCTS = ("compta", "gestion_commerciale", "paye")

FLEET = """\
apiVersion: flexsync/v1
kind: Fleet
name: bench
people:
  c.morel: {civility: madame, given_name: Claire, family_name: Morel, email: c.morel@morel.example}
  j.roux: {civility: madame, given_name: Julie, family_name: Roux, email: j.roux@morel.example}
defaults:
  offer: ultraflex
  admin: {person: c.morel}
profiles:
  followed:
    users: {j.roux: {access: [compta]}}
limits:
  invite: {fleet: {count: 1000000, percent: 100}}
clients: {files: "clients/*/*.yaml"}
"""


@dataclass(frozen=True)
class Client:
    """One subscription of the fleet: where its file goes, and what is in it."""

    path: str
    text: str


def client(number: int, seed: int = 7) -> Client:
    """Client `number`; it does not depend on how many others there are."""
    chance = random.Random(seed * 1_000_003 + number)
    name = f"client-{number:06d}"
    products = ["compta", *chance.sample(PRODUCTS[1:], chance.randint(0, 2))]
    users = _users(chance, name, products)
    lines = [
        *_head(chance, name, number, len(users)),
        *_products(chance, products),
        "users:",
        *(line for key, lines in users.items() for line in [f"  {key}:", *lines]),
        *_services(chance, number, products, next(iter(users))),
    ]
    return Client(f"clients/{number // PER_FOLDER:04d}/{name}.yaml", "\n".join(lines) + "\n")


def write(root: Path, count: int, seed: int = 7) -> None:
    """Write the fleet file and `count` client files below `root`."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    for number in range(count):
        one = client(number, seed)
        file = root / one.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(one.text, encoding="utf-8")


def touch(root: Path, count: int, share: int = 100, seed: int = 7) -> int:
    """Change the given name of one user in every `share`th of `count` clients; says how many were changed."""
    numbers = range(0, count, share)
    for number in numbers:
        one = client(number, seed)
        changed = one.text.replace("    given_name: ", "    given_name: Marie-", 1)
        (root / one.path).write_text(changed, encoding="utf-8")
    return len(numbers)


def _head(chance: random.Random, name: str, number: int, users: int) -> list[str]:
    siren = _siren(number)
    legal_name = f"{chance.choice(TRADES)} {chance.choice(FAMILY)}"
    return [
        f"# {legal_name}, followed by team {chance.randint(1, 40)}",
        "apiVersion: flexsync/v1",
        "kind: Subscription",
        f"name: {name}",
        "profiles: [followed]",
        f'customer_code: "C{number:07d}"',
        "company:",
        f"  legal_name: {legal_name}",
        f'  siren: "{siren}"',
        f"seats: {users + 1 + chance.randint(0, 3)}",
        "sirets_allowed: 3",
    ]


def _products(chance: random.Random, products: list[str]) -> list[str]:
    lines = ["products:"]
    for code in products:
        lines += [f"  {code}:", "    edition: evolution"]
        if code != "paye" and chance.random() < 0.3:
            lines += ["    data_mode: hosted", "    internet_acknowledged: true"]
    return lines


def _users(chance: random.Random, name: str, products: list[str]) -> dict[str, list[str]]:
    users: dict[str, list[str]] = {}
    for _ in range(min(10, max(6, round(chance.gauss(8.5, 1.5))))):
        given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        key = f"{_slug(given)}.{_slug(family)}"
        while key in users:
            key += str(chance.randint(1, 9))
        access = sorted({"compta", *chance.sample(products, chance.randint(1, len(products)))})
        users[key] = [
            f"    civility: {chance.choice(('madame', 'monsieur'))}",
            f"    given_name: {given}",
            f"    family_name: {family}",
            f"    email: {key}@{name}.example",
            f"    access: [{', '.join(access)}]",
        ]
    return users


def _services(chance: random.Random, number: int, products: list[str], recipient: str) -> list[str]:
    lines = ["services:", "  vat_filing:", "    enabled: true", "    sirets:"]
    lines += [f'      - "{_siret(number, place)}"' for place in range(chance.randint(1, 3))]
    lines += [
        f"    recipients: [{recipient}]",
        f"    password_from: {{env: {SECRET_VARIABLE}}}",
        "    prerequisites:",
        "      tax_office_form:",
        f"        sent_on: 2025-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",
        "        authorisation: mandate",
    ]
    if "gestion_commerciale" in products:
        lines += [
            "  sepa_payments:",
            "    enabled: true",
            "    creditor_id: FR72ZZZ123456",
            "    iban: FR7630006000011234567890189",
            "    bic: AGRIFRPP",
        ]
    return lines


def _siren(number: int) -> str:
    return _checked(f"{10_000_000 + number}")


def _siret(number: int, place: int) -> str:
    return _checked(f"{_siren(number)}{place + 1:04d}")


def _checked(digits: str) -> str:
    """`digits` with the Luhn digit that belongs behind them."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return f"{digits}{-sum(value // 10 + value % 10 for value in doubled) % 10}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "".join(char for char in plain if char.isalnum() or char == "-")


def main() -> None:
    """Write a fleet from the command line."""
    parser = argparse.ArgumentParser(description="Write a seeded fleet of N client files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    write(arguments.folder, arguments.count, arguments.seed)


if __name__ == "__main__":
    main()
