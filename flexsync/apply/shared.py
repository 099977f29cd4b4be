"""The shared passwords of services (guide, step 3: one password for all who use a service for their work).

In: the ready changes and the tools of apply. Out: for each service what the store gets: a seal, by which a
later plan tells a change, and the password encrypted, for those who may read it in the portal. It must not
keep a password beyond that, nor put one in a message.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from flexsync.errors import Refused
from flexsync.keys import Keys
from flexsync.plan.change import Change
from flexsync.plan.model import SubscriptionPlan
from flexsync.sealed import seal
from flexsync.state import GENERATED
from flexsync.store.base import Chance

#: Kinds that set the password of a service, and those after which it has none.
SETTING = ("service.activate", "service.rotate_password")
ENDING = ("service.deactivate",)

#: Letters and digits that are not taken for each other when somebody types them.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 5


class Secrets(Protocol):
    """Where shared passwords are read."""

    def read(self, reference: str) -> str:
        """The value behind a reference such as `env:NAME`; raises Refused when it cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Strongbox:
    """Where passwords come from and how they are encrypted; without `keys`, `why` says why they are not kept.

    `chance` draws passwords that are made, salts, and identifiers of services.
    """

    secrets: Secrets
    chance: Chance
    keys: Keys | None = None
    why: str = "there is no key"


@dataclass(frozen=True, slots=True)
class Shared:
    """What the store gets, by code of the service: `sealed` and `kept` texts, and the codes whose old text goes."""

    sealed: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    unkept: str = ""


def sets_password(plans: Sequence[SubscriptionPlan]) -> bool:
    """True when a ready step of `plans` sets a shared password, so that a key is needed."""
    return any(_references([step.change for step in plan.ready]) for plan in plans)


def shared(changes: Sequence[Change], box: Strongbox) -> Shared:
    """What `changes` make of the shared passwords. Raises Refused when one cannot be had."""
    values = {code: _value(reference, box) for code, reference in _references(changes).items()}
    ended = [change.parts[1] for change in changes if change.kind in ENDING]
    return Shared(
        sealed={code: seal(value, box.chance.randbytes(16)) for code, value in values.items()},
        kept={code: text for code, value in values.items() for text in _encrypted(value, box)},
        gone=tuple(sorted({*ended, *(() if box.keys else values)})),
        unkept="" if box.keys or not values else _unkept(sorted(values), box.why),
    )


def made(chance: Chance) -> str:
    """A password of 20 letters and digits in groups, about 99 bits: strong, and typed without mistakes."""
    return "-".join("".join(chance.choices(_ALPHABET, k=_GROUP)) for _ in range(_GROUPS))


def _references(changes: Sequence[Change]) -> dict[str, str]:
    found = {change.parts[1]: change.after.get("secret", "") for change in changes if change.kind in SETTING}
    return {code: reference for code, reference in sorted(found.items()) if reference}


def _value(reference: str, box: Strongbox) -> str:
    if reference != GENERATED:
        return box.secrets.read(reference)
    if box.keys is None:
        raise Refused(f"A shared password that is made has to be kept, and cannot be: {box.why}")
    return made(box.chance)


def _encrypted(value: str, box: Strongbox) -> Iterator[str]:
    if box.keys:
        yield box.keys.fernet().encrypt(value.encode()).decode()


def _unkept(codes: Sequence[str], why: str) -> str:
    return f"nobody can read the shared password of {', '.join(codes)} in the portal, it was not kept: {why}"
