"""Words for the contract: what it says now, what ends, what a run left undone, what can be downloaded."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flexsync.outbox.letter import Part, Told
from flexsync.outbox.speech import Section, Speech, section
from flexsync.outbox.told_people import changed


def contract(told: Sequence[Told], _part: Part, _: Speech) -> Iterator[Section]:
    """N14: offer, user accounts, end date and the rest, old and new."""
    facts = [fact for one in told for fact in _terms(one, _)]
    yield section(
        _("Your subscription has changed"),
        [_("Your contract was changed by the sales department; this is how it stands in your space now.")],
        facts,
    )


def products(told: Sequence[Told], part: Part, _: Speech) -> Iterator[Section]:
    """N3 to the administrator: software that the subscription has more, or less."""
    added = [one.parts[-1] for one in told if one.kind == "product.add"]
    removed = [one.parts[-1] for one in told if one.kind == "product.remove"]
    facts = [
        (_("Added"), _.products(added)),
        (_("Removed"), _.products(removed)),
        (_("Software"), _.products(part.products)),
    ]
    yield section(_("The software of your subscription has changed"), facts=facts)


def closed(_told: Sequence[Told], _part: Part, _: Speech) -> Iterator[Section]:
    """N10 of a whole subscription."""
    yield section(
        _("Your subscription is closed"),
        [_("User accounts and connected services of this subscription are switched off.")],
    )


def expiring(told: Sequence[Told], _part: Part, _: Speech) -> Iterator[Section]:
    """N13: what ends in some days."""
    for one in told:
        service = one.parts[-1] if one.parts[0] == "service" else ""
        day, days = _.day(str(one.after or "")), int(one.more.get("days", 0))
        yield section(
            _("End of a connected service: %(service)s", service=_.service(service))
            if service
            else _("End of your subscription"),
            [
                _.ngettext(
                    "It ends on %(day)s, in %(n)s day, and can be used that day included.",
                    "It ends on %(day)s, in %(n)s days, and can be used that day included.",
                    days,
                    day=day,
                ),
                _("To renew it, please contact the sales department."),
                *_online(one, _),
            ],
        )


def digest(told: Sequence[Told], _part: Part, _: Speech) -> Iterator[Section]:
    """N14 after a run: how much was done, and what was not."""
    for one in told:
        counts = [
            (_("Done"), one.more.get("done")),
            (_("Waiting"), one.more.get("waiting")),
            (_("Failed"), one.more.get("failed")),
        ]
        facts = [(label, str(count)) for label, count in counts if count is not None]
        undone = [_.name(str(line)) for line in one.more.get("undone", ())]
        yield section(
            _("Summary of the day's changes"),
            facts=facts,
            lead=_("What could not be done, and has not been changed:") if undone else "",
            items=undone,
        )


def release(told: Sequence[Told], _part: Part, _: Speech) -> Iterator[Section]:
    """N15: versions to download (guide, step 4)."""
    names = [_.release(one.parts[-1], str(one.after or "")) for one in told]
    yield section(
        _("A new version is available"),
        [_("Download it from your space and install it on each workstation; your data and settings stay.")],
        items=list(dict.fromkeys(names)),
    )


def _terms(one: Told, _: Speech) -> Iterator[tuple[str, str]]:
    before, after = (side if isinstance(side, Mapping) else {} for side in (one.before, one.after))
    for name, label in (
        ("offer", _("Offer")),
        ("seats", _("User accounts")),
        ("ends_on", _("End of the subscription")),
        ("sirets_allowed", _("SIRET numbers allowed")),
        ("status", _("State")),
        ("edition", _("Edition")),
    ):
        if name in before or name in after:
            old, new = (_term(name, side.get(name), _) for side in (before, after))
            yield _of_product(one, label, _), changed(old, new, _) if old != new else new


def _of_product(one: Told, label: str, _: Speech) -> str:
    if one.parts[0] != "product":
        return label
    return _("%(what)s, %(product)s", what=label, product=_.product(one.parts[-1]))


def _term(name: str, value: Any, _: Speech) -> str:
    if value is None:
        return _("not set")
    if name == "status":
        return {"open": _("open"), "closed": _("closed")}.get(value, str(value))
    shown = {"offer": _.offer, "ends_on": _.day}
    return shown[name](str(value)) if name in shown else str(value)


def _online(one: Told, _: Speech) -> Iterator[str]:
    if hosted := one.more.get("hosted"):
        yield _(
            "Data of %(products)s is stored online: bring back all your dossiers before that day.",
            products=_.products(hosted),
        )
