"""Guards: what a Change must wait for. Each looks at one Step and says why not, or nothing.

In: a Step and the Context. Out: a Block. A guard never looks at the other steps (`depends`,
`seats`, `renames` do), and what only a number can excuse is a limit (`limits`): the replacement of
an administrator is one of those.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from flexsync.desired.model import Allowed
from flexsync.errors import Block
from flexsync.plan import invitations, people
from flexsync.plan.change import Change
from flexsync.plan.context import Context
from flexsync.plan.dossiers import unsafe
from flexsync.plan.model import Step
from flexsync.plan.services import new_password, unavailable
from flexsync.state import ADMIN_KEY, day

Guard = Callable[[Step, Context], Block | None]


def guarded(step: Step, context: Context) -> Step:
    """`step` with every Block that the guards find; what is left as it is in the portal meets no other guard."""
    held = drift(step, context)
    blocks = (held,) if held else tuple(block for guard in GUARDS if (block := guard(step, context)))
    return replace(step, blocks=blocks) if blocks else step


def drift(step: Step, context: Context) -> Block | None:
    """What somebody did in the portal is not undone behind their back."""
    if allowed := _allowed(step, context):
        return Block("drift-allowed", f"allowed until {allowed.until}: {allowed.reason}")
    policy = context.desired.policy.drift
    if step.cause == "intent" or policy == "revert":
        return None
    if step.cause == "conflict":
        return Block(
            "conflict",
            "changed both in the portal and in the files; bring the files up to date with flexsync adopt, "
            "or set policy.drift: revert to let the files win",
        )
    if policy == "adopt":
        return Block(
            "drift", "changed in the portal; policy.drift is adopt: the files are to follow, run flexsync adopt"
        )
    return Block(
        "drift",
        "changed in the portal; policy.drift is report: nothing is done. "
        "Run flexsync adopt to keep it, or set policy.drift: revert to undo it",
    )


def _allowed(step: Step, context: Context) -> Allowed | None:
    """The entry of the fleet's list that says that this drift is known, today."""
    if step.cause != "drift":
        return None
    entries = context.desired.policy.drift_allowed
    return next(
        (one for one in entries if context.as_of <= one.until and fnmatchcase(step.change.subject, one.subject)), None
    )


def confirmation(step: Step, context: Context) -> Block | None:
    """A login in use moves when its new address says yes."""
    return people.unconfirmed(step.change, context.accounts)


def successor(step: Step, context: Context) -> Block | None:
    """The old administrator, and the administrator's own seat, stay until the successor has accepted."""
    change = step.change
    if context.current is None or not (change.kind == "admin.replace" or _is_of_own_seat(change, context)):
        return None
    return people.awaited_successor(context.current.admin, context.desired.state.admin, context.accounts)


def _is_of_own_seat(change: Change, context: Context) -> bool:
    """True of what alters the seat that belongs to the administrator; a closing takes it away all the same."""
    return change.parts[0] in ("user", "access") and change.parts[1] == ADMIN_KEY and not context.closing


def address_taken(step: Step, context: Context) -> Block | None:
    """One address, one login."""
    return people.address_taken(step.change, context.desired.state, context.accounts)


def other_identity(step: Step, context: Context) -> Block | None:
    """A known account keeps its names."""
    return people.other_identity(step.change, context.accounts)


def deleted_key(step: Step, _context: Context) -> Block | None:
    """The key of somebody who was deleted is never given again."""
    if step.change.kind != "user.reactivate" or step.change.before.get("status") != "deleted":
        return None
    key = step.change.parts[1]
    return Block("deleted-key", f"users.{key} was deleted; choose another key")


def retrieved(step: Step, context: Context) -> Block | None:
    """Data comes back, or is forgotten, only after it was retrieved since its last change online (guide, step 3)."""
    stored = context.current.products if context.current else {}
    lacking = list(unsafe(step.change, stored, context.desired.state.products, context.facts))
    if not lacking:
        return None
    return Block(
        "dossiers", "; ".join(lacking) + ". Retrieve it again first (Dossier > Ouvrir > Modifier les dossiers)"
    )


def evidence(step: Step, context: Context) -> Block | None:
    """A filing service waits for the day its papers were sent (guide, step 3)."""
    change = step.change
    if change.kind != "service.activate":
        return None
    code = change.parts[1]
    missing = context.desired.missing.get(code, ())
    if not missing:
        return None
    papers = ", ".join(missing)
    return Block(
        "evidence", f"{papers}: no sent_on date; write it under services.{code}.prerequisites once the papers are sent"
    )


def secret(step: Step, context: Context) -> Block | None:
    """A shared password is there before anybody is told that it is."""
    change = step.change
    if change.kind not in ("service.activate", "service.update") or change.after.get("status") != "active":
        return None
    code, reference = change.parts[1], change.after.get("secret", "")
    service = context.catalogue.services.get(code)
    if service is None or not service.secret or not _secret_moves(change.before, reference, change.kind):
        return None
    if not reference:
        return Block("secret", f"no shared password; write where it is read under services.{code}.password_from")
    why = context.secrets.missing(reference)
    return unavailable(reference, why) if why else None


def ended(step: Step, context: Context) -> Block | None:
    """Nothing is switched on after the contract, or the service, came to its end."""
    change = step.change
    if change.kind not in ("service.activate", "data_mode.to_hosted"):
        return None
    ends = [context.desired.state.ends_on]
    if change.kind == "service.activate":
        ends.append(day(change.after.get("ends_on")))
    over = min((end for end in ends if end), default=None)
    if over is None or over >= context.as_of:
        return None
    return Block("ended", f"ended on {over}; renew first: the vendor changes the contract, then ends_on follows here")


def still_used(step: Step, context: Context) -> Block | None:
    """An offer or product is left only when nothing uses it any more."""
    if step.change.kind == "offer.downgrade":
        uses, what = list(_uses_beyond(step.change.after["offer"], context)), step.change.before["offer"]
    elif step.change.kind == "product.remove":
        uses, what = list(_uses_of(step.change.parts[1], context)), step.change.parts[1]
    else:
        return None
    return Block("in-use", f"Cannot leave {what}: {', '.join(uses)}") if uses else None


def password(step: Step, context: Context) -> Block | None:
    """A rotation has something new to tell."""
    return new_password(step.change, context)


def invitation(step: Step, context: Context) -> Block | None:
    """Nobody is mailed again and again without somebody looking why it was in vain."""
    return invitations.held_back(step.change, context)


GUARDS: tuple[Guard, ...] = (
    deleted_key,
    other_identity,
    address_taken,
    confirmation,
    successor,
    retrieved,
    evidence,
    secret,
    password,
    ended,
    still_used,
    invitation,
)


def _secret_moves(before: Mapping[str, object] | None, reference: str, kind: str) -> bool:
    return kind == "service.activate" or (before or {}).get("secret", "") != reference


def _uses_beyond(offer: str, context: Context) -> Iterator[str]:
    """What the desired State has that `offer` does not include."""
    allowed = context.catalogue.offers.get(offer)
    state = context.desired.state
    for code, service in sorted(state.services.items()):
        if service.status != "off" and (allowed is None or code not in allowed.services):
            yield f"{code} {service.status}"
    for code, product in sorted(state.products.items()):
        if product.data_mode == "hosted" and (allowed is None or not allowed.hosting):
            yield f"{code} hosted"


def _uses_of(product: str, context: Context) -> Iterator[str]:
    """What the desired State still does with a product that it has not."""
    state = context.desired.state
    for key, user in sorted(state.present.items()):
        if product in user.access:
            yield f"{key} has access"
    for code, service in sorted(state.services.items()):
        known = context.catalogue.services.get(code)
        owned = known and set(known.products) & state.products.keys()
        if known and product in known.products and not owned and service.status != "off":
            yield f"{code} {service.status}"
