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
    "admin.update": N_("Administrator's data changed: %(who)s"),
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
    "user.update": N_("%(who)s: personal data changed"),
    "user.schedule": N_("%(who)s: first or last day changed"),
    "user.propose_email": N_("%(who)s: new e-mail address proposed, %(after)s"),
    "user.withdraw_email": N_("%(who)s: proposed e-mail address withdrawn, %(before)s"),
    "user.change_email": N_("%(who)s: e-mail address changed, %(after)s"),
    "user.deactivate": N_("User account removed: %(who)s"),
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
    "invitation.resend": N_("Activation mail sent again: %(who)s"),
    "password.reset": N_("Password link sent again: %(who)s"),
}
_OTHER = N_("Other change")


def told(visit: Visit, state: State, done: Sequence[Done]) -> list[str]:
    """A sentence for each of `done`, in their order."""
    return [_sentence(visit, state, one) for one in done]


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
    }
    return visit.say(_SENTENCES.get(done.kind, _OTHER)) % values


def _who(state: State, section: str, key: str, done: Done) -> str:
    """Name of the person as the change has it, or as it is known now; at last the key."""
    for side in (done.after, done.before):
        person = side.get("person") if isinstance(side, Mapping) else None
        if person:
            return f"{person['given_name']} {person['family_name']}"
    if section == ADMIN_KEY and state.admin:
        return state.admin.person.name
    user = state.users.get(key)
    return user.person.name if user and user.person else key


def _service(visit: Visit, code: str) -> str:
    sold = visit.site.catalogue.services.get(code)
    return shown_label(sold.label, visit.language) if sold else code


def _plain(value: Any) -> str:
    """A value in a sentence: a number of seats, an offer, an address."""
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if isinstance(part, str | int))
    return "" if value is None else str(value)
