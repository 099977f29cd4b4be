"""What services ask for beside the difference of States: waiting activations and new shared passwords.

A password that several people share is known to whoever leaves (guide: "unique", given to all who
need it). So it is due for rotation when a recipient leaves, loses the product, or is no longer told.
The rotation itself is somebody's act: a new value behind the reference. Until then it waits. A password
that apply makes waits for nobody.
"""

from collections.abc import Iterator
from dataclasses import replace

from flexsync.errors import Block
from flexsync.plan.change import Change
from flexsync.plan.context import Context
from flexsync.snapshot import ROTATION_DUE, SERVICE_SECRET
from flexsync.state import GENERATED, Service, State, to_plain


def awaited(context: Context) -> Iterator[Change]:
    """An activation for each service that only waits for its evidence."""
    for code in sorted(context.desired.missing):
        service = context.desired.state.services.get(code)
        if service is not None and service.status == "pending":
            active = replace(service, status="active")
            yield Change("service.activate", f"service/{code}", to_plain(service), to_plain(active))


def rotations(context: Context) -> Iterator[Change]:
    """A rotation for each active service whose shared password is due for one, or was changed."""
    current = context.current
    if current is None:
        return
    for code, after in sorted(context.desired.state.services.items()):
        before = current.services.get(code)
        if before is not None and before.status == after.status == "active" and _is_shared(code, context):
            yield from _rotation(code, before, after, context)


def new_password(change: Change, context: Context) -> Block | None:
    """A rotation waits until there is a new password to tell."""
    if change.kind != "service.rotate_password":
        return None
    secret = change.after["secret"]
    if why := context.secrets.missing(secret):
        return unavailable(secret, why, "new ")
    if secret == GENERATED or _is_new(change.parts[1], change.before["secret"], secret, context):
        return None
    left = ", ".join(change.after["left"]) or "somebody who left"
    return Block("rotation", f"{left} knew the shared password; put a new one in {secret} and run again")


def unavailable(reference: str, why: str, new: str = "") -> Block:
    """What keeps a shared password from being told; `new` is a word to say so of its successor."""
    if reference == GENERATED:
        return Block("secret", f"the {new}shared password could be kept nowhere: {why}")
    return Block("secret", f"the {new}shared password is not there ({why}); put it in {reference}")


def _rotation(code: str, before: Service, after: Service, context: Context) -> Iterator[Change]:
    due = context.facts.get(ROTATION_DUE.format(code), "").split()
    left = sorted({*due, *_leavers(code, before, context)})
    if left or _is_new(code, before.secret, after.secret, context):
        told = {"secret": after.secret, "recipients": list(after.recipients), "left": left}
        yield Change("service.rotate_password", f"service/{code}", {"secret": before.secret}, told)


def _leavers(code: str, before: Service, context: Context) -> Iterator[str]:
    for key in before.recipients:
        if not _may_know(code, key, context.desired.state, context):
            yield key


def _may_know(code: str, key: str, state: State, context: Context) -> bool:
    user = state.users.get(key)
    if user is None or user.status != "present" or key not in state.services[code].recipients:
        return False
    return not set(context.catalogue.services[code].products).isdisjoint(user.access)


def _is_shared(code: str, context: Context) -> bool:
    service = context.catalogue.services.get(code)
    return service is not None and service.secret


def _is_new(code: str, before: str, after: str, context: Context) -> bool:
    """True when the value told so far is no longer the value behind the reference, as far as one can tell."""
    if GENERATED in (before, after) or context.secrets.missing(after):
        return before != after
    seal = context.facts.get(SERVICE_SECRET.format(code), "")
    return context.secrets.changed(after, seal) if seal else before != after
