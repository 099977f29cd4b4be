"""Words for connected services and for where data lives (guide, step 3)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flexsync.outbox.letter import Part, Told
from flexsync.outbox.speech import Section, Speech, section

#: Kinds that tell of a shared password which stays as it is.
_STAYING = ("service.send_password", "service.update")


def service(told: Sequence[Told], _part: Part, _: Speech) -> Iterator[Section]:
    """N8: a service asked for, switched on or changed; its identifier, establishments, end and papers."""
    for one in told:
        code, after = one.parts[-1], _plain(one.after)
        titles = {
            "service.request": _("Connected service awaiting papers: %(service)s", service=_.service(code)),
            "service.update": _("Connected service changed: %(service)s", service=_.service(code)),
        }
        on = _("Connected service switched on: %(service)s", service=_.service(code))
        facts = _facts(one, after, _)
        yield section(
            titles.get(one.kind, on), facts=facts, lead=_papers(code, after, _), items=_missing(code, after, _)
        )


def password(told: Sequence[Told], _part: Part, _: Speech) -> Iterator[Section]:
    """N9: where the shared password is, never the password."""
    anew = [_("It has just been set; any earlier one is no longer valid.")]
    yield section(
        _("The shared password of a connected service"),
        [
            *(anew if any(one.kind not in _STAYING for one in told) else ()),
            _(
                "You can read it in your space, under “Connected services”, after typing your own password again. "
                "It is never sent by e-mail; please give it to nobody else."
            ),
        ],
        lead=_("This concerns:"),
        items=dict.fromkeys(_.service(one.parts[-1]) for one in told),
    )


def off(told: Sequence[Told], _part: Part, _: Speech) -> Iterator[Section]:
    """N10: a service that can be used no longer, and its last day."""
    for one in told:
        code = one.parts[-1]
        last = [(_("Last day of use"), _.day(one.more["last_day"]))] if one.more.get("last_day") else []
        withdrawn = one.kind == "service.withdraw"
        yield section(
            _("Request withdrawn: %(service)s", service=_.service(code))
            if withdrawn
            else _("Connected service switched off: %(service)s", service=_.service(code)),
            [_("The service had not been switched on.")]
            if withdrawn
            else [_("It can no longer be used; please make your next filings another way.")],
            last,
        )


def hosted(told: Sequence[Told], _part: Part, _: Speech) -> Iterator[Section]:
    """N11: data online, and so Internet at every launch (guide, step 4, remark)."""
    for product in _products(told):
        yield section(
            _("Data stored online: %(product)s", product=_.product(product)),
            [
                _(
                    "All data that you enter is now stored and backed up online; you can reach it from every "
                    "workstation where the software is installed."
                ),
                _("An Internet connection is needed each time the software starts."),
            ],
        )


def local(told: Sequence[Told], _part: Part, _: Speech) -> Iterator[Section]:
    """N12: data on the workstations again; which dossiers were brought back, when and by whom."""
    for one in told:
        dossiers = [_dossier(dossier, _) for dossier in one.more.get("dossiers", ())]
        empty = _("It was confirmed that there is no dossier to bring back.")
        yield section(
            _("Data kept on your workstations: %(product)s", product=_.product(one.parts[-1])),
            [
                _("Data is no longer stored online: the software opens the dossiers of your workstation."),
                *([] if dossiers else [empty]),
            ],
            lead=_("Dossiers brought back:") if dossiers else "",
            items=dossiers,
        )


def _facts(one: Told, after: Mapping[str, Any], _: Speech) -> list[tuple[str, str]]:
    sirets = after.get("sirets", ())
    names = one.more.get("names", {})
    return [
        (_("Your identifier"), str(one.more.get("identifier") or "")),
        (_("SIRET numbers (%(n)s)", n=len(sirets)), ", ".join(sirets)),
        (_("Last day of use"), _.day(one.more["ends_on"]) if one.more.get("ends_on") else ""),
        (_("May read the password"), ", ".join(_.name(names.get(key, key)) for key in after.get("recipients", ()))),
        (_("Software to download"), _.tool(one.parts[-1])),
    ]


def _papers(code: str, after: Mapping[str, Any], _: Speech) -> str:
    if not _missing(code, after, _):
        return ""
    if after.get("status") == "pending":
        return _("It will be switched on once these papers have been sent:")
    return _("Prerequisites, as a reminder:")


def _missing(code: str, after: Mapping[str, Any], _: Speech) -> list[str]:
    """The papers still to send; all of them, as a reminder, once the service is on (guide, step 4)."""
    waiting = after.get("status") == "pending"
    sent = after.get("evidence", {}) if waiting else {}
    return [label for paper, label in _.papers(code).items() if paper not in sent]


def _dossier(dossier: Mapping[str, Any], _: Speech) -> str:
    name = _.name(dossier.get("label") or dossier.get("code", ""))
    day, who = dossier.get("retrieved_on"), _.name(dossier.get("retrieved_by", ""))
    if day and who:
        return _("%(dossier)s: brought back on %(day)s by %(who)s", dossier=name, day=_.day(day), who=who)
    return _("%(dossier)s: brought back on %(day)s", dossier=name, day=_.day(day)) if day else name


def _products(told: Sequence[Told]) -> list[str]:
    return list(dict.fromkeys(one.parts[-1] for one in told))


def _plain(side: Any) -> Mapping[str, Any]:
    return side if isinstance(side, Mapping) else {}
