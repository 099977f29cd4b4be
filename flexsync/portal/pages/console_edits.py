"""How the console edits: a form, then a page that shows what it leads to, then the edit (guide, steps 2 and 3).

Where the files manage what is edited, the second page holds a patch for them, and nothing is ever written.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from flexsync.acts.console import Console
from flexsync.acts.console_agreed import Edited, Preview
from flexsync.acts.console_changes import Wanted
from flexsync.acts.console_editing import Moved, NotAdministrator, OnlyInFiles, done_already, edit, preview
from flexsync.acts.files import FilesUnread, Proposal
from flexsync.acts.own import BadValue
from flexsync.passwords import N_
from flexsync.portal.console_details import detailed
from flexsync.portal.forms import TOKEN
from flexsync.portal.pages.console import page, subscription
from flexsync.portal.visit import Visit

#: The field of what was agreed to: it stands for the change that the second page showed.
SURE = "sure"
UNREAD = N_("The files cannot be read at the moment. Try again once they are corrected.")
MOVED = N_("Something was changed meanwhile. Look at what would be done now.")

#: Kinds that give somebody a seat, who is mailed unless invitations are sent by hand.
_ARRIVING = frozenset({"user.create", "user.link", "user.reactivate"})


def boxes(name: str, most: int) -> tuple[str, ...]:
    """Names of so many boxes to tick; each has a name of its own, and says a code."""
    return tuple(f"{name}_{number}" for number in range(1, most + 1))


def ticked(visit: Visit, names: Iterable[str]) -> tuple[str, ...]:
    """The codes of those of the boxes `names` that are ticked."""
    return tuple(sorted({visit.form.get(name, "") for name in names} - {""}))


@dataclass(frozen=True, slots=True)
class Edit:
    """A kind of edit: its name in the journal, what it leads to, and what is said once it is `done`.

    `page` is where to go then, below the subscription. `form` shows what was typed again, with a status and errors
    by field; None where there is nothing to type. `template` is the second page.
    """

    command: str
    wanted: Callable[[Visit, Console], Wanted]
    done: str
    page: str = ""
    form: Callable[..., Response] | None = None
    template: str = "console_sure.html"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a second page says: what is agreed to; or the patch for the files, and why they have to ask for it."""

    shown: Preview | None = None
    proposal: Proposal | None = None
    why: str = ""


def answered(visit: Visit, asked: Edit) -> Response:
    """The second page of an edit or, once somebody agreed to it, the edit; what cannot be used is said at its field.

    What the files manage is not edited here unless the fleet says so.
    """
    seen, sure = subscription(visit), visit.form.get(SURE)
    if sure and not visit.site.console_edits:
        raise HTTPException(404)
    if sure and (before := done_already(visit.site, visit.subscription, sure)):
        return _after(visit, asked, before)
    try:
        wanted = asked.wanted(visit, seen)
        return _edited(visit, seen, asked, wanted, sure) if sure else _asked(visit, seen, asked, wanted)
    except BadValue as bad:
        return _typed_again(visit, seen, asked, 422, **{bad.field: str(bad)})
    except FilesUnread:
        return _typed_again(visit, seen, asked, 409, edit=UNREAD)
    except NotAdministrator:
        raise HTTPException(404) from None


def _typed_again(visit: Visit, seen: Console, asked: Edit, status: int, **errors: str) -> Response:
    if asked.form:
        return asked.form(visit, seen, status, **errors)
    return _second(visit, seen, asked, Answer(), status, **errors)


def _edited(visit: Visit, seen: Console, asked: Edit, wanted: Wanted, agreed: str) -> Response:
    try:
        edited = edit(visit.site, visit.login, visit.subscription, f"console {asked.command}", wanted, agreed)
    except (Moved, OnlyInFiles):
        return _asked(visit, seen, asked, wanted, 409, edit=MOVED)
    return _after(visit, asked, edited)


def _after(visit: Visit, asked: Edit, edited: Edited) -> Response:
    return visit.go(f"/console/{visit.subscription}{asked.page}", _told(edited, asked.done))


def _told(edited: Edited, done: str) -> str:
    """What the page afterwards says of an edit."""
    if not edited.kinds:
        return "unchanged"
    if "user.propose_email" in edited.kinds:
        return "proposed"
    arrived = not _ARRIVING.isdisjoint(edited.kinds)
    return "by-hand" if arrived and not edited.mailed else done


def _asked(visit: Visit, seen: Console, asked: Edit, wanted: Wanted, status: int = 200, **errors: str) -> Response:
    """What would be done, to be agreed to; a patch where the files have to ask for it."""
    if not visit.site.console_edits:
        return _second(visit, seen, asked, Answer(proposal=_patch(visit, wanted)))
    try:
        shown = preview(visit.site, visit.login, visit.subscription, wanted)
    except OnlyInFiles as why:
        return _second(visit, seen, asked, Answer(proposal=_patch(visit, wanted), why=visit.say(str(why))))
    if not shown.done:
        return visit.go(f"/console/{visit.subscription}{asked.page}", "unchanged")
    return _second(visit, seen, asked, Answer(shown), status, **errors)


def _second(visit: Visit, seen: Console, asked: Edit, answer: Answer, status: int = 200, **errors: str) -> Response:
    done, later = (answer.shown.done, answer.shown.later) if answer.shown else ((), ())
    values = {
        "answer": answer,
        "proposal": answer.proposal,
        "done_now": detailed(visit, seen.state, done),
        "done_later": detailed(visit, seen.state, later),
        "typed": {name: value for name, value in visit.form.items() if value and name not in (TOKEN, SURE)},
        "back": f"/console/{visit.subscription}{asked.page}",
    }
    return page(visit, asked.template, seen, status, errors=visit.errors(**errors), **values)


def _patch(visit: Visit, wanted: Wanted) -> Proposal | None:
    """What the files would have to say; None where the portal has no files."""
    files, snapshot = visit.site.files, visit.site.store.snapshots([visit.subscription])[visit.subscription]
    if files is None or snapshot.current is None:
        return None
    return files.proposal(snapshot, wanted(snapshot.current))
