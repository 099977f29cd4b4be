"""Rows of the outbox made by hand, and the mails that come of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from flexsync.desired.catalogue_file import builtin
from flexsync.outbox.letter import Letter, Links, letters
from flexsync.outbox.message import message, stable_id
from flexsync.outbox.page import Texts, page
from flexsync.store.base import OutboxRow

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
PORTAL = "https://flex.morel.example"
LINK = f"{PORTAL}/link/abc_DEF-123"
UNTIL = datetime(2026, 3, 16, 8, 30, tzinfo=UTC)
SENDER = "flex@morel.example"
PAUL = {"civility": "monsieur", "given_name": "Paul", "family_name": "Martin", "email": "paul@dupont.example"}
HEADERS = [
    "From",
    "To",
    "Subject",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
]


def told(code: str, kind: str, subject: str, before: Any = None, after: Any = None, **more: Any) -> dict[str, Any]:
    """One change as apply writes it into a mail."""
    return {"code": code, "kind": kind, "subject": subject, "before": before, "after": after, **more}


def row(*changes: Mapping[str, Any], **fields: Any) -> OutboxRow:
    """A row to Paul; `payload` overrides parts of what is in it, the rest is fields of the row."""
    payload = {
        "subscription": "dupont",
        "customer_code": "C1",
        "legal_name": "Lingerie Dupont",
        "offer": "ultraflex",
        "products": ["compta", "paye"],
        "seats": 3,
        "occupied": 1,
        "person": PAUL,
        "access": ["compta"],
        "changes": list(changes),
        **fields.pop("payload", {}),
    }
    base = OutboxRow(
        id=1,
        dedup="",
        subscription="dupont",
        run="run-1",
        recipient="paul@dupont.example",
        language="fr",
        codes=tuple(dict.fromkeys(change["code"] for change in changes)),
        payload=payload,
        purpose="",
        invitation=None,
        state="queued",
        attempts=0,
        created_at=AT,
        next_at=AT,
        sent_at=None,
        error="",
    )
    return replace(base, **fields)


def read(*rows: OutboxRow, link: str = "") -> Texts:
    """The text and HTML of the one letter of `rows`."""
    return page(letters(rows), builtin(), Links(PORTAL, link, UNTIL) if link else Links(PORTAL))


def sent(letter: Letter, *, portal: str = PORTAL, link: str = "", **fields: Any) -> bytes:
    """The mail of a letter, with the usual sender."""
    usual = {
        "sender": SENDER,
        "message_id": stable_id("store", letter.run, letter.recipient, SENDER),
        "at": AT,
    }
    return message(letter, builtin(), Links(portal, link), **{**usual, **fields})


def parsed(content: bytes) -> EmailMessage:
    """A mail as another program reads it."""
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
