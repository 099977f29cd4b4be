"""A believable Letter for each notice, so that it can be read before it is ever sent."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flexsync.catalogue import Catalogue
from flexsync.errors import WrongCommand
from flexsync.outbox.letter import Letter, Links, letters
from flexsync.outbox.message import message, stable_id
from flexsync.outbox.page import page
from flexsync.store.base import OutboxRow, Purpose
from flexsync.text import did_you_mean, shorten

CODES = tuple(f"N{number}" for number in range(1, 16))
AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
#: How long the link of a notice works, as it does of a real one.
LINK_LIVES: Mapping[Purpose, timedelta] = {"activation": timedelta(days=14), "reset": timedelta(hours=1)}
PORTAL = "https://flex.morel.example"
SENDER = "flex@morel.example"
SENDER_NAME = "Cabinet Morel"
LINK = f"{PORTAL}/link/Vq3mJ0p8Zk1T7dYxR5uWc2LsHn9aBf4EgQiKoMtNyPw"

_RUN = "20260302-083000-sample"
_THU_MAI = {
    "civility": "madame",
    "given_name": "Thu Mai",
    "family_name": "Phami Thi",
    "email": "thumai@quiroule.example",
}
_PIERRE = {
    "civility": "monsieur",
    "given_name": "Pierre",
    "family_name": "Quiroule",
    "email": "pierre@quiroule.example",
}
_SIRETS = ["73282932000074", "73282932000082"]
_VAT = {"status": "active", "sirets": _SIRETS, "recipients": ["p.quiroule"]}
_ON = {
    "identifier": "IJN33",
    "names": {"p.quiroule": "Pierre Quiroule"},
    "ends_on": "2027-01-31",
}
_DOSSIERS = [
    {"code": "2025", "label": "Exercice 2025", "retrieved_on": "2026-02-27", "retrieved_by": "Pierre Quiroule"},
    {"code": "2026", "label": "Exercice 2026", "retrieved_on": "2026-03-01", "retrieved_by": "Thu Mai Phami Thi"},
]

_UNDONE = ["Ciel directDéclaration TVA + Bilan", "Laure Petit"]

#: The link that a notice carries, whether the administrator gets it, and its changes: kind, subject, sides, more.
_STORIES: Mapping[str, tuple[Purpose, bool, tuple[tuple[Any, ...], ...]]] = {
    "N1": ("activation", True, (("admin.create", "admin", None, {"person": _THU_MAI}, {}),)),
    "N2": ("activation", False, (("user.create", "user/p.quiroule", None, {"person": _PIERRE}, {}),)),
    "N3": (
        "",
        False,
        (
            ("user.update", "user/p.quiroule", {**_PIERRE, "family_name": "Quirouhle"}, _PIERRE, {}),
            ("access.grant", "access/p.quiroule/paye", False, True, {}),
        ),
    ),
    "N4": ("", False, (("user.link", "user/p.quiroule", None, {"person": _PIERRE}, {}),)),
    "N5": ("", False, (("access.revoke", "access/p.quiroule/paye", True, False, {}),)),
    "N6": ("", True, (("user.delete", "user/p.quiroule", {"person": _PIERRE}, None, {}),)),
    "N7": ("reset", False, (("password.reset", "user/p.quiroule", None, None, {}),)),
    "N8": ("", True, (("service.activate", "service/vat_filing", None, _VAT, _ON),)),
    "N9": ("", False, (("service.rotate_password", "service/vat_filing", None, None, {}),)),
    "N10": ("", True, (("service.deactivate", "service/vat_filing", _VAT, None, {"last_day": "2026-03-02"}),)),
    "N11": ("", False, (("data_mode.to_hosted", "product/compta", "local", "hosted", {}),)),
    "N12": ("", True, (("data_mode.to_local", "product/compta", "hosted", "local", {"dossiers": _DOSSIERS}),)),
    "N13": ("", True, (("expiring", "subscription", None, "2026-04-01", {"days": 30, "hosted": ["compta"]}),)),
    "N14": (
        "",
        True,
        (
            ("seats.raise", "subscription", {"seats": 3}, {"seats": 5}, {}),
            ("subscription.renew", "subscription", {"ends_on": "2027-01-31"}, {"ends_on": "2028-01-31"}, {}),
            ("run.digest", "subscription", None, None, {"done": 4, "waiting": 1, "failed": 1, "undone": _UNDONE}),
        ),
    ),
    "N15": ("", False, (("release.notice", "product/compta", "12.1", "12.2", {}),)),
}


def sample(code: str, language: str) -> Letter:
    """The Letter of a notice; raises WrongCommand when there is no such notice."""
    if code not in _STORIES:
        raise WrongCommand(f'There is no notice "{shorten(code)}".{did_you_mean(code, list(CODES))} {known()}')
    purpose, to_admin, changes = _STORIES[code]
    person = _THU_MAI if to_admin else _PIERRE
    told = [
        {"code": code, "kind": kind, "subject": subject, "before": before, "after": after, **more}
        for kind, subject, before, after, more in changes
    ]
    return letters([_row(code, language, person, told, purpose)])


def preview(code: str, language: str, form: str, catalogue: Catalogue) -> bytes:
    """The mail of a notice as `text`, `html` or `eml`; raises WrongCommand when there is no such notice."""
    letter = sample(code, language)
    life = LINK_LIVES.get(letter.purpose)
    links = Links(PORTAL, LINK, AT + life) if life else Links(PORTAL)
    if form == "eml":
        number = stable_id("sample", letter.run, letter.recipient, SENDER)
        return message(letter, catalogue, links, sender=SENDER, message_id=number, at=AT, sender_name=SENDER_NAME)
    texts = page(letter, catalogue, links)
    return (texts.html if form == "html" else f"{texts.subject}\n\n{texts.text}").encode()


def known() -> str:
    """All notices in a sentence."""
    return f"Notices are {', '.join(CODES)}; `flexsync notice list` says what each is about."


def _row(
    code: str, language: str, person: Mapping[str, Any], changes: Sequence[Mapping[str, Any]], purpose: Purpose
) -> OutboxRow:
    payload = {
        "subscription": "atelier-quiroule",
        "customer_code": "C004217",
        "legal_name": "Atelier Quiroule",
        "offer": "ultraflex",
        "products": ["compta", "paye"],
        "seats": 3,
        "occupied": 2,
        "person": {**person, "language": language},
        "access": ["compta"] if code == "N5" else ["compta", "paye"],
        "hosted": ["compta"],
        "changes": changes,
    }
    return OutboxRow(
        id=1,
        dedup="sample",
        subscription="atelier-quiroule",
        run=_RUN,
        recipient=person["email"],
        language=language,
        codes=(code,),
        payload=payload,
        purpose=purpose,
        invitation=None,
        state="queued",
        attempts=0,
        created_at=AT,
        next_at=AT,
        sent_at=None,
        error="",
    )
