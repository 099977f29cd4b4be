"""What was done to a subscription, in words: one sentence for each kind of change.

In: a Done and the State that knows the names. Out: a text in the language of the page. It shows no code of a kind.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flexsync.acts.console import product_label
from flexsync.acts.console_history import Done
from flexsync.passwords import N_
from flexsync.portal.speech import shown_label
from flexsync.portal.visit import Visit
from flexsync.state import ADMIN_KEY, State

_SENTENCES = {
    "subscription.register": N_("Subscription registered"),
    "subscription.update": N_("Customer data changed"),
    "subscription.assert": N_("Contract changed"),
    "subscription.renew": N_("Contract renewed"),
    "subscription.close": N_("Subscription closed"),
    "seats.raise": N_("More user accounts: %(after)s"),
    "seats.lower": N_("Fewer user accounts: %(after)s"),
    "offer.upgrade": N_("Offer changed: %(after)s"),
    "offer.downgrade": N_("Offer changed: %(after)s"),
    "product.add": N_("%(product)s added"),
    "product.remove": N_("%(product)s removed"),
    "admin.create": N_("Administrator account created: %(who)s"),
    "admin.link": N_("Administrator account attached: %(who)s"),
    "admin.update": N_("Administrator: %(edits)s"),
    "admin.propose_email": N_("New e-mail address proposed to the administrator: %(after)s"),
    "admin.withdraw_email": N_("Proposed e-mail address of the administrator withdrawn: %(before)s"),
    "admin.change_email": N_("Administrator's e-mail address changed: %(after)s"),
    "admin.invite_successor": N_("Successor of the administrator invited: %(who)s"),
    "admin.withdraw_successor": N_("Invitation of the administrator's successor withdrawn: %(before)s"),
    "admin.replace": N_("Administrator replaced by %(who)s"),
    "user.move_key": N_("%(who)s: other key in the files"),
    "user.create": N_("User account created: %(who)s"),
    "user.link": N_("Existing account attached: %(who)s"),
    "user.reactivate": N_("User account reactivated: %(who)s"),
    "user.update": N_("%(who)s: %(edits)s"),
    "user.schedule": N_("%(who)s: first or last day changed"),
    "user.propose_email": N_("%(who)s: new e-mail address proposed, %(after)s"),
    "user.withdraw_email": N_("%(who)s: proposed e-mail address withdrawn, %(before)s"),
    "user.change_email": N_("%(who)s: e-mail address changed, %(after)s"),
    "user.deactivate": N_("User account deleted: %(who)s"),
    "user.delete": N_("Data of a former user erased: %(who)s"),
    "access.grant": N_("%(who)s may open %(product)s"),
    "access.revoke": N_("%(who)s may no longer open %(product)s"),
    "hosted_opt_out.set": N_("%(who)s: hosted data switched off"),
    "hosted_opt_out.clear": N_("%(who)s: hosted data switched on again"),
    "dossier.record": N_("%(product)s: retrieval of dossiers noted %(dossier)s"),
    "dossier.forget": N_("%(product)s: dossier %(dossier)s forgotten"),
    "data_mode.to_hosted": N_("%(product)s: data kept online"),
    "data_mode.to_local": N_("%(product)s: data back on the workstations"),
    "service.request": N_("%(service)s requested"),
    "service.activate": N_("%(service)s activated"),
    "service.update": N_("%(service)s changed"),
    "service.rotate_password": N_("%(service)s: shared password changed"),
    "service.withdraw": N_("%(service)s withdrawn"),
    "service.deactivate": N_("%(service)s deactivated"),
    "service.send_password": N_("%(service)s: told where the shared password is read"),
    "invitation.resend": N_("Activation e-mail sent again: %(who)s"),
    "password.reset": N_("Password link sent again: %(who)s"),
}
_OTHER = N_("Other change")
_UNPROVEN = N_("%(product)s: what was retrieved before counts no more %(dossier)s")
_FIELDS = {
    "civility": N_("title"),
    "given_name": N_("given name"),
    "family_name": N_("family name"),
    "language": N_("language"),
}
_EDIT = N_("%(field)s “%(new)s” instead of “%(old)s”")
_VALUES = {"madame": N_("Ms"), "monsieur": N_("Mr"), "fr": N_("French"), "en": N_("English")}
_UNTOLD = N_("personal data changed")
#: What is decided in a file, where no name of a product, service or person tells it.
_SECTIONS = {
    "offer": N_("Offer"),
    "seats": N_("Number of user accounts"),
    "ends_on": N_("End of the contract"),
    "admin": N_("Administrator"),
}


def told(visit: Visit, state: State, done: Sequence[Done]) -> list[str]:
    """A sentence for each of `done`, in their order."""
    return [_sentence(visit, state, one) for one in done]


def subject(visit: Visit, state: State, path: Sequence[str]) -> str:
    """What a path of the files is about: a name, or what the section is called."""
    section, *rest = path
    if not rest:
        return visit.say(_SECTIONS[section])
    if section == "products":
        return shown_label(product_label(visit.site, rest[0]), visit.language)
    return _service(visit, rest[0]) if section == "services" else _name(state, rest[0])


def _sentence(visit: Visit, state: State, done: Done) -> str:
    section, first, second, *_ = (*done.subject.split("/"), "", "")
    product = second if section == "access" else first
    values = {
        "who": _who(state, section, first, done),
        "product": shown_label(product_label(visit.site, product), visit.language) if product else "",
        "service": _service(visit, first),
        "dossier": second,
        "before": _plain(done.before),
        "after": _plain(done.after),
        "edits": _edits(visit, done),
    }
    return visit.say(_UNPROVEN if done.loses_proof else _SENTENCES.get(done.kind, _OTHER)) % values


def _who(state: State, section: str, key: str, done: Done) -> str:
    """Name of the person as the change has it, or as it is known now; at last the key."""
    for side in (done.after, done.before):
        person = side.get("person") if isinstance(side, Mapping) else None
        if person:
            return f"{person['given_name']} {person['family_name']}"
    if section == ADMIN_KEY and state.admin:
        return state.admin.person.name
    return _name(state, key)


def _name(state: State, key: str) -> str:
    """The name of a user as it is known now; at last the key."""
    user = state.users.get(key)
    return user.person.name if user and user.person else key


def _edits(visit: Visit, done: Done) -> str:
    """What somebody's own data says now, and what it said."""
    before, after = (_own_data(visit, side) for side in (done.before, done.after))
    told = [
        visit.say(_EDIT) % {"field": visit.say(field), "new": after[name], "old": before[name]}
        for name, field in _FIELDS.items()
        if before[name] != after[name]
    ]
    return ", ".join(told) or visit.say(_UNTOLD)


def _own_data(visit: Visit, person: Any) -> dict[str, str]:
    """A Person in words; French is the language of whoever chose none."""
    known = {"language": "fr", **person} if isinstance(person, Mapping) else {}
    values = {name: str(known.get(name, "")) for name in _FIELDS}
    coded = {name: visit.say(_VALUES[values[name]]) for name in ("civility", "language") if values[name] in _VALUES}
    return {**values, **coded}


def _service(visit: Visit, code: str) -> str:
    sold = visit.site.catalogue.services.get(code)
    return shown_label(sold.label, visit.language) if sold else code


def _plain(value: Any) -> str:
    """A value in a sentence: a number of seats, an offer, an address."""
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if isinstance(part, str | int))
    return "" if value is None else str(value)
