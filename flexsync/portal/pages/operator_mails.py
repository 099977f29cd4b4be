"""Pages of operators: the mails of the store, sent again or given up as on the command line; and mails to look at.

A mail is shown alone and without scripts, under a policy of its own, which is stricter than that of the pages.
"""

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from flexsync.acts import outboxes
from flexsync.errors import FlexsyncError, WrongCommand
from flexsync.language import LANGUAGES
from flexsync.outbox.samples import CODES, preview
from flexsync.outbox.speech import Speech
from flexsync.outbox.subjects import subjects
from flexsync.portal.pages.operator_fleet import base, number
from flexsync.portal.visit import Visit
from flexsync.store import overview
from flexsync.store.overview import MAIL_STATES

#: Mails carry their style inside, and nothing else may be in them; `sandbox` takes scripts, forms and origin.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_LARGEST = 2**63 - 1


def outbox(visit: Visit) -> Response:
    """The mails, newest first."""
    text, asked = visit.asked("q"), visit.asked("state")
    state = asked if asked in MAIL_STATES else ""
    found = visit.site.store.read(lambda connection: overview.mails(connection, state, text, number(visit)))
    return visit.page("operator_outbox.html", found=found, state=state, q=text, states=MAIL_STATES, base=base(visit))


def mail(visit: Visit) -> Response:
    """One mail, as it would leave now, its link masked."""
    row = visit.site.store.read(lambda connection: overview.one_mail(connection, _number(visit)))
    if row is None:
        raise HTTPException(404)
    try:
        letter = outboxes.looked(visit.site.store, visit.site.letterhead, row.id)
    except FlexsyncError:
        # What cannot be sent cannot be shown either; the row says why.
        letter = None
    return visit.page("operator_mail.html", row=row, letter=letter)


def mail_alone(visit: Visit) -> Response:
    """The HTML of one mail, alone."""
    try:
        return _alone(outboxes.looked(visit.site.store, visit.site.letterhead, _number(visit)).html)
    except FlexsyncError:
        raise HTTPException(404) from None


def retry(visit: Visit) -> Response:
    """Send a mail again."""
    return _acted(visit, lambda found: outboxes.retried(visit.site.store, [found]), "retried")


def cancel(visit: Visit) -> Response:
    """Give a mail up."""
    return _acted(visit, lambda found: outboxes.cancelled(visit.site.store, [found]), "cancelled")


def _acted(visit: Visit, act: Callable[[int], object], done: str) -> Response:
    found = _number(visit)
    if visit.site.store.read(lambda connection: overview.one_mail(connection, found)) is None:
        raise HTTPException(404)
    try:
        act(found)
    except WrongCommand:
        done = "too-late"
    return visit.go(f"/operator/outbox/{found}", done)


def _number(visit: Visit) -> int:
    """The number of the path; a 404 of what is none, or none that a store can have."""
    part = visit.part("mail")
    if not (part.isascii() and part.isdigit() and len(part) < 20 and int(part) <= _LARGEST):
        raise HTTPException(404)
    return int(part)


def notices(visit: Visit) -> Response:
    """All notices, by code."""
    listed = subjects(Speech(visit.language, visit.site.catalogue))
    return visit.page("operator_notices.html", listed=listed, languages=LANGUAGES)


def notice(visit: Visit) -> Response:
    """One notice with an invented client, as text."""
    code, language = _notice(visit)
    text = preview(code, language, "text", visit.site.catalogue).decode()
    subject, _, rest = text.partition("\n\n")
    return visit.page(
        "operator_notice.html", code=code, spoken=language, subject=subject, text=rest, languages=LANGUAGES
    )


def notice_alone(visit: Visit) -> Response:
    """The HTML of one notice, alone."""
    code, language = _notice(visit)
    return _alone(preview(code, language, "html", visit.site.catalogue).decode())


def _notice(visit: Visit) -> tuple[str, str]:
    code, language = visit.part("code"), visit.part("lang")
    if code not in CODES or language not in LANGUAGES:
        raise HTTPException(404)
    return code, language


def _alone(html: str) -> Response:
    return HTMLResponse(html, headers={"content-security-policy": MAIL_POLICY})
