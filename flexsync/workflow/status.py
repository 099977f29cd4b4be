"""status: what the store holds, in words.

In: an open store. Out: lines. The summary of one subscription uses the French words of the guide,
since its administrator compares it with that screen.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flexsync.catalogue import Catalogue
from flexsync.errors import WrongCommand
from flexsync.language import shown_day
from flexsync.state import ADMIN_KEY, Person, State, User, to_plain
from flexsync.text import aligned, visible
from flexsync.workflow.stores import unknown

if TYPE_CHECKING:
    from flexsync.store.base import Status
    from flexsync.store.sql import Store

BRIEF = ("SUBSCRIPTION", "STATE", "OFFER", "SEATS", "USED", "ACTIVE", "LAPSED", "TO CREATE", "SERVICES", "REVISION")
_CHUNK = 250
_SERVICE_WORDS = {"active": "activé", "pending": "en attente", "off": "désactivé"}
_USER_WORDS = {"deactivated": "désactivé", "deleted": "supprimé"}


def only(store: "Store", name: str) -> "Status":
    """The Status of one subscription; raises WrongCommand, with the nearest name, when there is none."""
    found = store.statuses([name])
    if name not in found:
        raise unknown(store, name)
    return found[name]


def all_in_brief(store: "Store") -> list[Sequence[str]]:
    """A heading and a row for each subscription, by name."""
    return [BRIEF, *(_brief(status) for status in all_statuses(store))]


def all_plain(store: "Store") -> list[dict[str, Any]]:
    """Every subscription as JSON data."""
    return [_counts(status) for status in all_statuses(store)]


def one_plain(status: "Status", later: Mapping[str, User]) -> dict[str, Any]:
    """One subscription as JSON data: its counts, its State, and the first days of those who begin later."""
    days = {key: to_plain(user.starts_on) for key, user in sorted(later.items())}
    return {**_counts(status), "state": to_plain(state_of(status)), "scheduled": days}


def one_in_full(status: "Status", later: Mapping[str, User], catalogue: Catalogue) -> Iterator[str]:
    """The guide's summary of one subscription; `later` are users who begin on a later day."""
    state = state_of(status)
    yield f"{visible(state.name)}  {_offer(state, catalogue)}  {status.head.status}  revision {status.head.revision}"
    yield ""
    yield from _admin_lines(state, status)
    yield ""
    yield from _user_lines(state, later, status)
    yield ""
    yield from _service_lines(state, catalogue)
    yield ""
    yield from _release_lines(state, catalogue)


def all_statuses(store: "Store") -> "Iterator[Status]":
    """Every subscription by name, read in portions."""
    names = [head.name for head in store.heads()]
    for start in range(0, len(names), _CHUNK):
        found = store.statuses(names[start : start + _CHUNK])
        yield from (found[name] for name in sorted(found))


def _counts(status: "Status") -> dict[str, Any]:
    state = state_of(status)
    used = len(state.present)
    return {
        "name": state.name,
        "status": status.head.status,
        "offer": state.offer,
        "seats": state.seats,
        "occupied": used,
        "active": status.activated,
        "lapsed": _lapsed(state, status),
        "to_create": 0 if state.status == "closed" else state.seats - used,
        "services_active": sum(service.status == "active" for service in state.services.values()),
        "revision": status.head.revision,
    }


def _lapsed(state: State, status: "Status") -> int:
    """How many people here were invited in vain: their invitation expired, or its mail failed."""
    waiting = state.present_keys - status.active
    return sum(status.invitations[key].lapsed for key in waiting & status.invitations.keys())


def _brief(status: "Status") -> Sequence[str]:
    return [visible(str(value)) for value in _counts(status).values()]


def state_of(status: "Status") -> State:
    """The State that the store holds."""
    if status.snapshot.current is None:
        raise WrongCommand(f"{status.head.name} is not registered")
    return status.snapshot.current


def _offer(state: State, catalogue: Catalogue) -> str:
    offer = catalogue.offers.get(state.offer)
    until = f" jusqu'au {shown_day(state.ends_on, 'fr')}" if state.ends_on else ""
    return f"{visible(offer.label.fr if offer else state.offer)}{until}"


def _admin_lines(state: State, status: "Status") -> Iterator[str]:
    if state.admin is None:
        yield "Compte Administrateur : non activé"
        return
    active = status.is_active(state.admin.person)
    yield f"Compte Administrateur : {'activé' if active else 'non activé'}"
    yield f"  {visible(state.admin.person.name)} <{visible(state.admin.person.email)}>"
    invited = "" if active or ADMIN_KEY in state.present else _invitation_words(state.admin.person, status)
    if invited:
        yield f"  {invited}"


def _user_lines(state: State, later: Mapping[str, User], status: "Status") -> Iterator[str]:
    counts = _counts(status)
    yield f"{counts['seats']} compte(s) Utilisateur(s) associé(s) à votre abonnement"
    yield f"{counts['occupied']} compte(s) Utilisateur(s) créé(s), dont {counts['active']} activé(s)"
    yield f"{counts['to_create']} compte(s) Utilisateur(s) à créer"
    words = {key: (user, _user_word(user, status)) for key, user in state.users.items()}
    words |= {
        key: (user, f"à partir du {shown_day(user.starts_on, 'fr')}") for key, user in later.items() if user.starts_on
    }
    yield from aligned([_user_row(key, user, word) for key, (user, word) in sorted(words.items())], indent="  ")


def _user_row(key: str, user: User, word: str) -> Sequence[str]:
    name = visible(user.person.name) if user.person else "-"
    return (visible(key), name, word, visible(", ".join(user.access)) or "aucun produit")


def _user_word(user: User, status: "Status") -> str:
    """Where a user stands, in the guide's words."""
    if user.status != "present":
        return _USER_WORDS[user.status]
    if status.is_active(user.person):
        return "activé"
    return _invitation_words(user.person, status) or "créé, non invité"


def _invitation_words(person: Person | None, status: "Status") -> str:
    """What became of the invitation of somebody without a password; empty of who was never invited."""
    invitation = status.invitation(person)
    if invitation is None:
        return ""
    mail = f", {invitation.attempt}e envoi" if invitation.attempt > 1 else ""
    return f"invitation {_INVITATION_WORDS[invitation.state]} jusqu'au {shown_day(invitation.last_day, 'fr')}{mail}"


_INVITATION_WORDS = {
    "planned": "à envoyer, valable",
    "sent": "envoyée, valable",
    "accepted": "acceptée, valable",
    "expired": "expirée, valable",
    "failed": "non distribuée, valable",
    "cancelled": "annulée, valable",
    "superseded": "remplacée, valable",
}


def _service_lines(state: State, catalogue: Catalogue) -> Iterator[str]:
    for code, service in sorted(state.services.items()):
        kind = catalogue.services.get(code)
        yield f"{visible(kind.label.fr if kind else code)} > {_SERVICE_WORDS[service.status]}"
        if kind and service.status == "pending":
            yield from (f"  Prérequis : {visible(label.fr)}" for label in kind.prerequisites.values())
    hosted = [code for code, product in sorted(state.products.items()) if product.data_mode == "hosted"]
    for known in catalogue.services.values():
        if known.derived:
            shown = f"activé ({visible(', '.join(hosted))})" if hosted else "désactivé"
            yield f"{visible(known.label.fr)} > {shown}"


def _release_lines(state: State, catalogue: Catalogue) -> Iterator[str]:
    tools = [catalogue.services[code].tool for code in state.services if code in catalogue.services]
    for product in [*sorted(state.products), *sorted(tool for tool in tools if tool)]:
        release = catalogue.latest(product)
        if release:
            yield f"{visible(release.label.fr)} Version {visible(release.version)}"
