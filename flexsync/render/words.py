"""What a step does, in plain words: names of persons, products and services, before -> after.

In: a Step. Out: words without line breaks or unsafe characters. No code of a kind is ever shown.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flexsync.plan.data import masked
from flexsync.plan.dossiers import loses_proof
from flexsync.plan.model import Step
from flexsync.render import mails
from flexsync.render.view import View
from flexsync.text import count, shorten, visible

#: What there is to say of subscriptions that a reader would miss in the plan.
UNPLANNED = "nothing is planned while the files cannot be used"
#: What there is to say of a subscription that `settles`.
AGREED = "the files now say what was changed in the portal"

_FIELDS = {
    "civility": "civility",
    "given_name": "given name",
    "family_name": "family name",
    "email": "e-mail",
    "language": "language",
    "also_user": "own seat",
    "starts_on": "first day",
    "ends_on": "last day",
    "sirets_allowed": "establishments allowed",
    "customer_code": "customer code",
    "company.legal_name": "company name",
    "company.siren": "SIREN",
    "company.rcs": "RCS",
    "sirets": "establishments",
    "recipients": "recipients",
    "secret": "password read from",
    "creditor_id": "creditor identifier",
    "iban": "IBAN",
    "bic": "BIC",
    "label": "name",
    "retrieved_on": "retrieved on",
    "retrieved_by": "retrieved by",
    "edition": "edition",
    "seats": "seats",
    "offer": "offer",
    "status": "state",
}
_CAUSES = {"drift": "changed in the portal", "conflict": "changed in the portal and in the files"}


def symbol(step: Step) -> str:
    """The sign in the first column."""
    if step.ready:
        return step.kind.symbol
    if step.allowed:
        return "*"
    if may_be_rename(step):
        return ">"
    return "!" if step.refused else "?"


def verb(step: Step) -> str:
    """What is done, in a word or two."""
    if may_be_rename(step):
        return f"rename? {step.kind.words}"
    if any(block.code == "drift" for block in step.blocks):
        # The words of what the contract says are no verbs: `seats lowered`, `product added`.
        return f"drift, would {'have ' if step.kind.limit == 'contract' else ''}{step.kind.words}"
    return step.kind.words


def may_be_rename(step: Step) -> bool:
    """True when it has to be settled whether a leaver and a newcomer are one person."""
    return any(block.code == "rename" for block in step.blocks)


def subject(step: Step) -> str:
    """Who or what a step is about, as the files call it."""
    section, *names = step.change.parts
    if not names:
        return ""
    return visible(names[0] if section in ("user", "access", "product", "service") else "/".join(names))


def detail(step: Step, view: View) -> str:
    """What exactly changes."""
    return _DETAILS.get(step.change.kind, _moved)(step, view)


def reasons(step: Step) -> tuple[str, ...]:
    """What stands behind a step, each in a few words: its swap, its mails, its cause, its place."""
    return tuple(part for part in (swap(step), mails.in_full(step), cause(step), place(step)) if part)


def swap(step: Step) -> str:
    """Who gives or takes the seat, when a leaver and a newcomer swap one."""
    if not step.pair or may_be_rename(step):
        return ""
    other = visible(step.pair.partition("/")[2])
    return f"takes the seat of {other}" if step.kind.symbol == "+" else f"gives the seat to {other}"


def told_by_partner(step: Step) -> bool:
    """True of the leaver of a rename question, which stands under the newcomer."""
    return bool(step.pair) and may_be_rename(step) and step.kind.symbol == "-" and len(step.blocks) == 1


def cause(step: Step) -> str:
    """Who moved, when it was not the files alone."""
    return _CAUSES.get(step.cause, "")


def place(step: Step) -> str:
    """Where the files ask for it: `fleet.yaml:30:15 (profile vat)`."""
    if step.where is None:
        return ""
    layer = "" if step.layer in ("", step.where.file) else f" ({visible(step.layer)})"
    return f"{step.where}{layer}"


def held(step: Step) -> str:
    """How a step is held back."""
    if step.allowed:
        return "left alone"
    return "blocked" if step.refused else "waiting"


def moved(before: Any, after: Any) -> Iterator[str]:
    """The fields of two mappings that differ, each as `name before -> after`."""
    for name, old, new in differing(before, after):
        yield f"{_FIELDS.get(name, visible(name))} {_value(_answer(old, new))} -> {_value(_answer(new, old))}"


def differing(before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """The fields of two mappings that differ, by dotted name; a list is one field."""
    old, new = dict(_flat(before or {})), dict(_flat(after or {}))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield name, old.get(name), new.get(name)


def _flat(part: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested mappings as one, with dotted names; a person's fields are the owner's own."""
    for name, value in part.items():
        path = prefix if name == "person" else f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}." if path != prefix else prefix)
        else:
            yield path, value


def _answer(value: Any, other: Any) -> Any:
    """`value`; of a question of yes or no, which is left out when it is no, the answer."""
    return False if value is None and isinstance(other, bool) else value


def _value(value: Any) -> str:
    if value is None or value in ("", []):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return shorten(", ".join(str(part) for part in value), 80)
    return shorten(str(value), 80)


def _who(side: Any) -> str:
    person = (side or {}).get("person")
    if not person:
        return ""
    return visible(f"{person['given_name']} {person['family_name']} <{person['email']}>")


def _moved(step: Step, _view: View) -> str:
    change = masked(step.change)
    if isinstance(change.after, Mapping) and isinstance(change.before, Mapping | None):
        return ", ".join(moved(change.before, change.after))
    return f"{_value(change.before)} -> {_value(change.after)}"


def _arrival(step: Step, _view: View) -> str:
    return _who(step.change.after)


def _invited_again(step: Step, _view: View) -> str:
    before = step.change.before or {"invitation": "never sent"}
    until = f", until {before['last_day']}" if before.get("last_day") else ""
    return f"{_who(step.change.after)}, mail {step.change.after['attempt']} ({before['invitation']}{until})"


def _departure(step: Step, _view: View) -> str:
    return _who(step.change.before)


def _replaced(step: Step, _view: View) -> str:
    return f"{_who(step.change.before)} -> {_who(step.change.after)}"


def _address(step: Step, _view: View) -> str:
    return visible(f"{step.change.before} -> {step.change.after}")


def _access(step: Step, view: View) -> str:
    return view.product(step.change.parts[2])


def _key(step: Step, _view: View) -> str:
    return visible(f"was {step.change.before}")


def _registered(step: Step, view: View) -> str:
    state = step.change.after
    products = ", ".join(view.product(code) for code in sorted(state.get("products", {})))
    return visible(f"{state['offer']}, {count(state['seats'], 'seat')}") + (f", {products}" if products else "")


def _product(step: Step, view: View) -> str:
    return view.product(step.change.parts[1])


def _dossier(step: Step, _view: View) -> str:
    change = step.change
    if loses_proof(change.kind, change.before, change.after):
        return "what was retrieved, or seen, before counts no more"
    if len(change.parts) == 2:
        return f"nothing online, seen on {_value(change.after)}"
    return ", ".join(moved(change.before, change.after))


def _mode(step: Step, view: View) -> str:
    return f"{view.product(step.change.parts[1])}: data {_value(step.change.before)} -> {_value(step.change.after)}"


def _service(step: Step, view: View) -> str:
    return view.service(step.change.parts[1])


def _edited_service(step: Step, view: View) -> str:
    return f"{view.service(step.change.parts[1])}: {_moved(step, view)}"


def _rotation(step: Step, view: View) -> str:
    left = ", ".join(step.change.after["left"])
    reason = f", known to {visible(left)}" if left else ""
    return f"{view.service(step.change.parts[1])}{reason}"


def _told_password(step: Step, view: View) -> str:
    return f"{view.service(step.change.parts[1])} to {visible(step.change.after['recipient'])}"


def _nothing(_step: Step, _view: View) -> str:
    return ""


_DETAILS: dict[str, Callable[[Step, View], str]] = {
    "subscription.register": _registered,
    "subscription.close": _nothing,
    "user.move_key": _key,
    "product.add": _product,
    "product.remove": _product,
    "admin.create": _arrival,
    "admin.link": _arrival,
    "admin.propose_email": _address,
    "admin.withdraw_email": _address,
    "admin.change_email": _address,
    "admin.withdraw_successor": _address,
    "admin.invite_successor": _replaced,
    "admin.replace": _replaced,
    "user.deactivate": _departure,
    "user.create": _arrival,
    "user.link": _arrival,
    "user.reactivate": _arrival,
    "user.propose_email": _address,
    "user.withdraw_email": _address,
    "user.change_email": _address,
    "user.delete": _departure,
    "hosted_opt_out.set": _nothing,
    "hosted_opt_out.clear": _nothing,
    "access.grant": _access,
    "access.revoke": _access,
    "dossier.record": _dossier,
    "dossier.forget": _dossier,
    "data_mode.to_hosted": _mode,
    "data_mode.to_local": _mode,
    "invitation.resend": _invited_again,
    "password.reset": _nothing,
    "service.send_password": _told_password,
    "service.request": _service,
    "service.activate": _service,
    "service.update": _edited_service,
    "service.rotate_password": _rotation,
    "service.withdraw": _service,
    "service.deactivate": _service,
}
