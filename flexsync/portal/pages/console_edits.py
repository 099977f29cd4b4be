"""The actions of the console: mails sent again, and users created, changed and deleted (guide, actions 1 to 4).

Where the files manage the users, a form makes a patch instead of an edit, and nothing is written.
"""

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.responses import Response

from flexsync.acts.console import Console, ConsoleUser, invites_by_hand, known_people
from flexsync.acts.console_changes import GONE, Typed, Wanted, added, changed, removed, typed_person
from flexsync.acts.console_editing import Edited, NotAdministrator, edit
from flexsync.acts.files import FilesUnread, Proposal
from flexsync.acts.forgetting import too_often
from flexsync.acts.inviting import TooSoon, resend_here
from flexsync.acts.own import BAD_CHOICE, BadValue
from flexsync.acts.passwords import reset_password
from flexsync.address import email_key
from flexsync.errors import LockHeld, Refused, WrongCommand
from flexsync.passwords import N_
from flexsync.portal.pages.console import page, places, subscription, user_of, users_page
from flexsync.portal.visit import Visit
from flexsync.state import Person

#: Products of one subscription that a form can name; each box has a name of its own, and says a code.
BOXES = tuple(f"access_{number}" for number in range(1, 41))
PERSON = ("civility", "given_name", "family_name", "email", "language")
TOO_SOON = N_(
    "An e-mail was sent to this person a short time ago; it may be in their spam folder. "
    "The table says when it can be sent again."
)
UNREAD = N_("The files cannot be read at the moment. Try again once they are corrected.")
MANY_LINKS = N_("Several links were sent to this person recently. Wait a quarter of an hour.")
NOT_NOW = N_("This can no longer be done for this person: their state has changed. Look at the table again.")
BUSY = N_("The subscription is being changed at this moment. Try again.")


def again(visit: Visit) -> Response:
    """Action 1: the activation mail once more."""
    return _mailed(visit, "resent", lambda key, actor: resend_here(visit.site, visit.subscription, key, actor=actor))


def reset(visit: Visit) -> Response:
    """Action 4: a link to choose another password; nobody's mailbox is filled with them."""
    user = user_of(visit, subscription(visit))
    if user.standing.state == "active" and too_often(visit.site, user.person.email):
        return users_page(visit, 409, **{f"user-{user.key}": MANY_LINKS})
    return _mailed(visit, "reset", lambda key, actor: reset_password(
        visit.site.store, visit.subscription, key, actor=actor
    ))  # fmt: skip


def _mailed(visit: Visit, done: str, act: Callable[[str, str], object]) -> Response:
    user = user_of(visit, subscription(visit))
    try:
        act(user.key, visit.login.person.email)
    except TooSoon:
        return users_page(visit, 409, **{f"user-{user.key}": TOO_SOON})
    except FilesUnread:
        return users_page(visit, 409, **{f"user-{user.key}": UNREAD})
    except (Refused, WrongCommand):
        return users_page(visit, 409, **{f"user-{user.key}": NOT_NOW})
    except LockHeld:
        return users_page(visit, 409, **{f"user-{user.key}": BUSY})
    return visit.go(f"/console/{visit.subscription}", done)


def show_new(visit: Visit) -> Response:
    """The next free seat."""
    return _new(visit, subscription(visit))


def create(visit: Visit) -> Response:
    """Action: a new user, or an existing account in a free seat."""
    _refuse_managed(visit)
    return _edited(visit, "create user", lambda seen: _added(visit, seen), _new, done="created")


def propose_new(visit: Visit) -> Response:
    """The patch for a new user."""
    return _proposed(visit, lambda seen: _added(visit, seen), _new)


def _added(visit: Visit, seen: Console) -> Wanted:
    existing = visit.form["existing"]
    if not existing:
        return added(typed_person(visit.form, visit.form["email"].strip(), confirm=True), _access(visit))
    known = (one for one in known_people(visit.site, visit.login, seen) if email_key(one.email) == existing)
    person = next(known, None)
    if person is None:
        raise BadValue("existing", BAD_CHOICE)
    return added(person, _access(visit))


def _new(visit: Visit, seen: Console, status: int = 200, proposal: Proposal | None = None, **errors: str) -> Response:
    empty = dict.fromkeys((*PERSON, "email_again", "existing"), "")
    values = {
        "typed": visit.form or {**empty, "language": visit.login.person.language},
        "by_hand": invites_by_hand(visit.site, seen.name),
        "existing": [(email_key(one.email), one) for one in known_people(visit.site, visit.login, seen)],
        "ticked": set(_access(visit)),
        "places": places(visit, [("users",)]),
    }
    return page(visit, "console_new.html", seen, status, proposal=proposal, errors=visit.errors(**errors), **values)


def show(visit: Visit) -> Response:
    """One user."""
    seen = subscription(visit)
    user_of(visit, seen)
    return _one(visit, seen)


def change(visit: Visit) -> Response:
    """Action 2: other names, address, products."""
    _refuse_managed(visit)
    return _edited(visit, "change user", lambda seen: _changed(visit, seen), _one, done="changed")


def propose_change(visit: Visit) -> Response:
    """The patch for a change of a user."""
    return _proposed(visit, lambda seen: _changed(visit, seen), _one)


def _changed(visit: Visit, seen: Console) -> Wanted:
    user = user_of(visit, seen)
    person = user.person if user.of_administrator else typed_person(visit.form, visit.form["email"].strip())
    return changed(user.key, Typed(person, _access(visit), visit.form["opted_out"] == "yes"))


def _one(visit: Visit, seen: Console, status: int = 200, proposal: Proposal | None = None, **errors: str) -> Response:
    user = seen.user(visit.part("key"))
    if user is None:
        return users_page(visit, 409, users=GONE)
    ticked = set(_access(visit)) if visit.form else set(user.user.access)
    known = places(visit, [user.path])
    values = {
        "user": user,
        "typed": visit.form or _fields(user.person),
        "ticked": ticked,
        "places": known,
        "opted_out": visit.form["opted_out"] == "yes" if visit.form else user.user.hosted_opt_out,
    }
    return page(visit, "console_user.html", seen, status, proposal=proposal, errors=visit.errors(**errors), **values)


def _fields(person: Person) -> dict[str, str]:
    return {name: getattr(person, name) for name in PERSON}


def show_remove(visit: Visit) -> Response:
    """The question before a user is deleted; where the files manage users, the patch."""
    seen = subscription(visit)
    user = user_of(visit, seen)
    if user.of_administrator:
        raise HTTPException(404)
    return _removal(visit, seen, proposal=None if visit.site.console_edits else _patch(visit, removed(user.key)))


def remove(visit: Visit) -> Response:
    """Action 3: the seat is free; name and history stay until they are erased."""
    _refuse_managed(visit)
    return _edited(visit, "delete user", lambda seen: _removed(user_of(visit, seen)), _removal, done="removed")


def _removed(user: ConsoleUser) -> Wanted:
    return removed(user.key)


def _removal(
    visit: Visit, seen: Console, status: int = 200, proposal: Proposal | None = None, **errors: str
) -> Response:
    user = user_of(visit, seen)
    errors_shown = visit.errors(**errors)
    known = places(visit, [user.path])
    return page(
        visit, "console_remove.html", seen, status, user=user, proposal=proposal, errors=errors_shown, places=known
    )


Shown = Callable[..., Response]


def _edited(visit: Visit, command: str, wanted: Callable[[Console], Wanted], shown: Shown, *, done: str) -> Response:
    """Do an edit and go back to the table; what cannot be used is said beside its field."""
    seen = subscription(visit)
    try:
        edited = edit(visit.site, visit.login, visit.subscription, f"console {command}", wanted(seen))
    except BadValue as bad:
        return shown(visit, seen, 422, **{bad.field: str(bad)})
    except FilesUnread:
        return shown(visit, seen, 409, user=UNREAD)
    except NotAdministrator:
        raise HTTPException(404) from None
    return visit.go(f"/console/{visit.subscription}", _told(edited, done))


def _told(edited: Edited, done: str) -> str:
    """What the table says of an edit."""
    if not edited.kinds:
        return "unchanged"
    if "user.propose_email" in edited.kinds:
        return "proposed"
    return done if edited.mailed else "by-hand"


def _proposed(visit: Visit, wanted: Callable[[Console], Wanted], shown: Shown) -> Response:
    """Show the patch of what was typed; nothing is written."""
    seen = subscription(visit)
    try:
        return shown(visit, seen, proposal=_patch(visit, wanted(seen)))
    except BadValue as bad:
        return shown(visit, seen, 422, **{bad.field: str(bad)})


def _patch(visit: Visit, wanted: Wanted) -> Proposal | None:
    """What the files would have to say; None where the portal has no files."""
    files, snapshot = visit.site.files, visit.site.store.snapshots([visit.subscription])[visit.subscription]
    if files is None or snapshot.current is None:
        return None
    return files.proposal(snapshot, wanted(snapshot.current))


def _access(visit: Visit) -> tuple[str, ...]:
    """The products that are ticked."""
    return tuple(sorted({visit.form.get(box, "") for box in BOXES} - {""}))


def _refuse_managed(visit: Visit) -> None:
    """What the files manage is not edited here unless the fleet says so."""
    if not visit.site.console_edits:
        raise HTTPException(404)
