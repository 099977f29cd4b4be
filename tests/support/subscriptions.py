"""Subscriptions to judge: a right one, and ways to make it wrong."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flexsync.desired.model import Path
from flexsync.desired.spec import Subscription
from flexsync.errors import Where

AS_OF = date(2013, 6, 15)

RIGHT: dict[str, Any] = {
    "apiVersion": "flexsync/v1",
    "kind": "Subscription",
    "name": "atelier-dupont",
    "customer_code": "C0042317",
    "company": {"legal_name": "Atelier Dupont SARL", "siren": "732829320"},
    "offer": "ultraflex",
    "seats": 4,
    "sirets_allowed": 3,
    "ends_on": "2014-02-01",
    "products": {
        "compta": {
            "edition": "evolution",
            "data_mode": "hosted",
            "internet_acknowledged": True,
            "dossiers": {"DUPONT": {"label": "Atelier Dupont"}},
        },
        "gestion_commerciale": {"edition": "evolution"},
        "paye": {},
    },
    "admin": {
        "civility": "madame",
        "given_name": "Anne",
        "family_name": "Dupont",
        "email": "anne@dupont.example",
        "also_user": True,
    },
    "users": {
        "p.martin": {
            "civility": "monsieur",
            "given_name": "Paul",
            "family_name": "Martin-Lefèvre",
            "email": "paul@dupont.example",
            "access": ["compta", "gestion_commerciale"],
        },
        "l.petit": {
            "civility": "madame",
            "given_name": "Laure",
            "family_name": "Petit",
            "email": "laure@dupont.example",
            "access": ["paye"],
            "previously": ["laure.b"],
        },
        "s.noel": {
            "civility": "monsieur",
            "given_name": "Samy",
            "family_name": "Noël",
            "email": "samy@dupont.example",
            "access": ["gestion_commerciale"],
            "starts_on": "2013-06-01",
            "ends_on": "2013-09-30",
        },
    },
    "services": {
        "vat_filing": {
            "enabled": True,
            "sirets": ["73282932000074", "73282932000017", "73282932000025"],
            "password_from": {"env": "FLEX_DUPONT_EFILING"},
            "recipients": ["p.martin"],
            "prerequisites": {
                "tax_office_form": {"sent_on": "2013-01-14", "authorisation": "mandate", "reference": "SIE 2013-0117"}
            },
        },
        "payroll_filing": {"enabled": False},
        "sepa_payments": {
            "enabled": True,
            "creditor_id": "FR72ZZZ123456",
            "iban": "FR7630006000011234567890189",
            "bic": "AGRIFRPP",
        },
    },
    "policy": {"email_domains": ["dupont.example"]},
}

GONE = object()


def edited(edits: Mapping[str, Any], base: Mapping[str, Any] = RIGHT) -> Subscription:
    """`base` with values set at slash-separated paths; GONE removes."""
    data = copy.deepcopy(dict(base))
    for path, value in edits.items():
        *parents, last = path.split("/")
        place: Any = data
        for parent in parents:
            place = place[int(parent)] if isinstance(place, list) else place.setdefault(parent, {})
        if value is GONE:
            del place[last]
        elif isinstance(place, list):
            place[int(last)] = value
        else:
            place[last] = value
    return Subscription.model_validate(data)


@dataclass(frozen=True, slots=True)
class PathPlaces:
    """Places that give back the path, so that a test sees where a rule points."""

    def where(self, path: Path) -> Where:
        return Where("/".join(map(str, path)))

    def layer(self, path: Path) -> str:
        return "test"
