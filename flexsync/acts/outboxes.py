"""outbox: the mails of a store, to be looked at, sent after all, or given up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any

from flexsync.errors import WrongCommand
from flexsync.outbox.letterhead import MASKED, Letterhead
from flexsync.store import mailing, tokens
from flexsync.store.base import OutboxRow
from flexsync.store.mailing import LetterRows
from flexsync.text import visible

if TYPE_CHECKING:
    from flexsync.store.sql import Store

_SHOWN = ("From", "To", "Subject", "Date", "Message-ID")


def plain(row: OutboxRow) -> dict[str, Any]:
    """A mail as plain data for machines; not what it says."""
    fields = ("id", "state", "subscription", "run", "recipient", "language", "purpose", "attempts", "error")
    values = {name: getattr(row, name) for name in fields}
    instants = {name: getattr(row, name) for name in ("created_at", "next_at", "sent_at")}
    return {
        **values,
        "codes": list(row.codes),
        **{name: at.isoformat() if at else None for name, at in instants.items()},
    }


@dataclass(frozen=True, slots=True)
class Looked:
    """A letter as it would leave now: the mails that go in it, its headers, and its text."""

    rows: LetterRows
    headers: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    html: str


def looked(store: "Store", letterhead: Letterhead, number: int) -> Looked:
    """The letter that the mail `number` is part of, the secret of its link masked.

    Raises WrongCommand when there is no such mail.
    """
    rows = store.read(lambda connection: mailing.letter_of(connection, number))
    if not rows:
        raise WrongCommand(f"There is no mail {number}. `flexsync outbox list` names them.")
    link = store.read(lambda connection: tokens.promised(connection, rows, store.clock.now()))
    mail = BytesParser(policy=policy.default).parsebytes(letterhead.composed(rows, link, MASKED, store.clock.now()))
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    return Looked(
        rows,
        tuple((name, str(mail[name])) for name in _SHOWN),
        tuple((text.get_content() if text else "").splitlines()),
        html.get_content() if html else "",
    )


def shown(store: "Store", letterhead: Letterhead, number: int) -> Iterator[str]:
    """The letter that the mail `number` is part of, in lines; raises WrongCommand when there is no such mail."""
    found = looked(store, letterhead, number)
    rows = found.rows
    others = f" (with {len(rows) - 1} more in one letter)" if len(rows) > 1 else ""
    yield f"Mail {rows[0].id}{others}: {rows[0].state}"
    yield from (f"{name}: {visible(value)}" for name, value in found.headers)
    yield ""
    yield from (visible(line) for line in found.lines)


def retried(store: "Store", numbers: Sequence[int]) -> list[int]:
    """Queue letters again, all those that are held or dead when none is named; the numbers of their mails.

    Raises WrongCommand when one of `numbers` left already, or is no mail.
    """
    asked = numbers or store.read(mailing.parked)
    return store.write(
        lambda connection: _all(mailing.retry(connection, asked, store.clock.now()), numbers, "sent again")
    )


def cancelled(store: "Store", numbers: Sequence[int]) -> list[int]:
    """Give up letters that did not leave; the numbers of their mails. Raises WrongCommand as `retried`."""
    return store.write(lambda connection: _all(mailing.cancel(connection, numbers), numbers, "cancelled"))


def _all(done: list[int], numbers: Sequence[int], what: str) -> list[int]:
    """`done`; raises WrongCommand, which takes everything back, when some of `numbers` is not among them."""
    others = sorted(set(numbers) - set(done))
    if others:
        told = ", ".join(map(str, others))
        raise WrongCommand(f"Nothing was changed: {told} cannot be {what}. Only mails that did not leave can.")
    return done
