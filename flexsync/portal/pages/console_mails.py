"""Mails that an administrator sends again: the activation, and the link of a password (guide, actions 1 and 4)."""

from collections.abc import Callable

from starlette.responses import Response

from flexsync.acts.files import FilesUnread
from flexsync.acts.forgetting import too_often
from flexsync.acts.inviting import TooSoon, resend_here
from flexsync.acts.passwords import reset_password
from flexsync.errors import LockHeld, Refused, WrongCommand
from flexsync.passwords import N_
from flexsync.portal.pages.console import subscription, user_of, users_page
from flexsync.portal.pages.console_edits import UNREAD
from flexsync.portal.visit import Visit

TOO_SOON = N_(
    "An e-mail was sent to this person a short time ago; it may be in their spam folder. "
    "The table says when it can be sent again."
)
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
