"""Words for what happens to people: accounts, access, addresses, passwords (guide, steps 1 and 2, and the console)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flexsync.outbox.letter import PROPOSING, Part, Told
from flexsync.outbox.speech import Section, Speech, section


def administers(_told: Sequence[Told], part: Part, _: Speech) -> Iterator[Section]:
    """N1: what an administrator is, and the steps before the download (guide, activation mail)."""
    own = [(_("You may open"), _.products(part.access)), _online(part.hosted, _)]
    yield section(
        _("Your role: administrator"),
        [
            _(
                "The administrator is the only person who manages user accounts, connected services and options. "
                "Your e-mail address is your login; you choose the password yourself."
            )
        ],
        [*_contract(part, _), *own],
        steps=[_("Create your administrator account: choose your password."), *_next_steps(part, _)],
    )


def invited(_told: Sequence[Told], part: Part, _: Speech) -> Iterator[Section]:
    """N2: an account that waits for its password (guide, step 2)."""
    yield section(
        _("Your user account has been created"),
        [
            _("You will type your e-mail address and this password each time you start the software."),
        ],
        _opens(part, _),
        steps=[
            _("Choose your password."),
            _("Download the software from your space and install it on your workstation."),
            _("Start it for the first time with an Internet connection."),
        ],
    )


def attached(told: Sequence[Told], part: Part, _: Speech) -> Iterator[Section]:
    """N4: one more subscription for an account that has its password."""
    if any(one.kind.startswith("admin.") for one in told):
        yield section(
            _("Your role: administrator"),
            [_("You sign in with the same e-mail address and password as for your other subscriptions.")],
            _contract(part, _),
            steps=_next_steps(part, _),
        )
        return
    yield section(
        _("Your role: user"),
        [_("You sign in with the same e-mail address and password as for your other subscriptions.")],
        _opens(part, _),
    )


def edited(told: Sequence[Told], part: Part, _: Speech) -> Iterator[Section]:
    """N3: what changed in the reader's own account, old and new."""
    facts = [fact for one in told for fact in _edits(one, part, _)]
    paragraphs = [text for one in told for text in _edit_said(one, _)]
    yield section(_("Your account has been changed"), paragraphs, facts)


def access(told: Sequence[Told], part: Part, _: Speech) -> Iterator[Section]:
    """N3 and N5: products gained and lost."""
    gained = [one.parts[-1] for one in told if one.kind == "access.grant"]
    lost = [one.parts[-1] for one in told if one.kind == "access.revoke"]
    facts = [
        (_("You may now open"), _.products(gained)),
        (_("You may no longer open"), _.products(lost)),
        (_("You may open in total"), _.products(part.access) or _("no product")),
        _online([code for code in part.hosted if code in gained], _),
    ]
    yield section(_("Your products have changed"), facts=facts)


def left(told: Sequence[Told], _part: Part, _: Speech) -> Iterator[Section]:
    """N5 and N6: access withdrawn and accounts deleted, the reader's own or those of others."""
    for one in told:
        if one.mine:
            yield _own_end(one, _)
    for code, title, lead in (
        ("N5", _("Access withdrawn"), _("These people can no longer use this subscription:")),
        ("N6", _("Accounts deleted"), _("The accounts of these people no longer exist:")),
    ):
        names = [_named(one, _) for one in told if one.code == code and not one.mine]
        if names:
            yield section(title, lead=lead, items=names)


def reset(_told: Sequence[Told], _part: Part, _: Speech) -> Iterator[Section]:
    """N7: a link to choose another password; the password itself is never told."""
    yield section(
        _("A new password"),
        [
            _("You or your administrator asked for a new password for your account."),
            _("If you do not want one, do nothing: your current password stays valid."),
        ],
    )


def _own_end(one: Told, _: Speech) -> Section:
    if one.kind == "admin.replace":
        return section(
            _("You no longer administer this subscription"),
            [_("%(name)s is its administrator now.", name=_person_of(one.after, _))],
        )
    if one.code == "N6":
        return section(
            _("Your account has been deleted"),
            [_("You can no longer sign in for this subscription; what it knew of you has been erased from it.")],
        )
    lost = one.before.get("access", ()) if isinstance(one.before, Mapping) else ()
    facts = [(_("You may no longer open"), _.products(lost))] if lost else []
    return section(
        _("Your access has been withdrawn"),
        [_("Your user account of this subscription is switched off; you can no longer start its software.")],
        facts,
    )


def _named(one: Told, _: Speech) -> str:
    return _person_of(one.before, _) or _person_of(one.after, _) or _.name(one.parts[-1])


def _person_of(side: Any, _: Speech) -> str:
    return _.person(side["person"]) if isinstance(side, Mapping) and side.get("person") else ""


def _contract(part: Part, _: Speech) -> list[tuple[str, str]]:
    return [
        (_("Offer"), _.offer(part.offer) if part.offer else ""),
        (_("Software"), _.products(part.products)),
    ]


def _opens(part: Part, _: Speech) -> list[tuple[str, str]]:
    opens = (_("You may open"), _.products(part.access) or _("no product yet; your administrator decides"))
    return [opens, _online(part.hosted, _)]


def _online(products: Iterable[str], _: Speech) -> tuple[str, str]:
    """What nobody would expect who was told to start the software once with an Internet connection."""
    return _("Needs Internet at each start"), _.products(products)


def _next_steps(part: Part, _: Speech) -> list[str]:
    """What is left for an administrator after the own account (guide, steps 2 to 4)."""
    free = part.seats - part.occupied
    offer = _.catalogue.offers.get(part.offer)
    users = _("User accounts: %(n)s to create.", n=free)
    done = _("User accounts: all that your subscription allows have been created.")
    services = [_("Connected services: switch them on now or later.")] if offer and offer.services else []
    return [users if free > 0 else done, *services, _("Download your software and install it.")]


def _edits(one: Told, part: Part, _: Speech) -> Iterator[tuple[str, str]]:
    if one.kind in ("user.update", "admin.update"):
        before, after = ((side or {}).get("person", side) or {} for side in (one.before, one.after))
        yield from _changed_fields(before, after, _)
    elif one.kind in ("user.change_email", "admin.change_email", *PROPOSING):
        label = _("New e-mail address, to be confirmed") if one.kind in PROPOSING else _("E-mail address")
        yield label, changed(str(one.before), str(one.after), _)
    elif one.kind == "user.reactivate":
        yield from _opens(part, _)


def _changed_fields(before: Mapping[str, Any], after: Mapping[str, Any], _: Speech) -> Iterator[tuple[str, str]]:
    titles = {"madame": _("Ms"), "monsieur": _("Mr")}
    languages = {"fr": _("French"), "en": _("English")}
    for name, label, shown in (
        ("civility", _("Title"), titles),
        ("given_name", _("Given name"), {}),
        ("family_name", _("Family name"), {}),
        ("language", _("Language of your e-mails"), languages),
    ):
        old, new = (str(side.get(name) or ("fr" if name == "language" else "")) for side in (before, after))
        if old != new:
            yield label, changed(shown.get(old, _.name(old)), shown.get(new, _.name(new)), _)


def changed(old: str, new: str, _: Speech) -> str:
    """A new value, with what it was before."""
    return _("%(new)s (before: %(old)s)", new=new or _("not set"), old=old or _("not set"))


def _edit_said(one: Told, _: Speech) -> Iterator[str]:
    said = {
        "user.propose_email": _("Until the new address is confirmed, keep signing in with the old one."),
        "admin.propose_email": _("Until the new address is confirmed, keep signing in with the old one."),
        "user.change_email": _("From now on you sign in with the new address."),
        "admin.change_email": _("From now on you sign in with the new address."),
        "user.reactivate": _("Your user account is switched on again; your login stays the same."),
        "hosted_opt_out.set": _("Your data is no longer stored online: hosting is switched off for your account."),
        "hosted_opt_out.clear": _("Your data is stored online again: hosting is switched on for your account."),
        "password.change": _("Your password has been changed. Was this not you? Ask for a new one at once."),
    }
    if one.kind in said:
        yield said[one.kind]
