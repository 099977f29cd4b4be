"""What a change is made of, in the words of whoever reads a page: each value before and after."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flexsync.acts.console import product_label
from flexsync.acts.console_history import Done
from flexsync.acts.console_services import name_of
from flexsync.language import shown_day
from flexsync.passwords import N_
from flexsync.portal.console_words import told
from flexsync.portal.speech import shown_label
from flexsync.portal.visit import Visit
from flexsync.state import State

_FIELDS = {
    "civility": N_("Title"),
    "given_name": N_("Given name"),
    "family_name": N_("Family name"),
    "email": N_("E-mail address"),
    "access": N_("Products that the person may open"),
    "sirets": N_("SIRETs"),
    "recipients": N_("Used by"),
    "evidence": N_("Papers sent"),
    "creditor_id": N_("SEPA creditor identifier"),
    "iban": N_("IBAN"),
    "bic": N_("BIC"),
}
_CIVILITIES = {"madame": N_("Ms"), "monsieur": N_("Mr")}
_NOTHING = "–"

#: A sentence, and of each value that differs its name, what it was, and what it is then.
Line = tuple[str, list[tuple[str, str, str]]]


def detailed(visit: Visit, state: State, done: Sequence[Done]) -> list[Line]:
    """Each of `done` as a Line, in their order."""
    sentences = zip(told(visit, state, done), done, strict=True)
    return [(sentence, list(_details(visit, state, one))) for sentence, one in sentences]


def _details(visit: Visit, state: State, done: Done) -> Iterator[tuple[str, str, str]]:
    before, after = _flat(done.before), _flat(done.after)
    for name, label in _FIELDS.items() if after else ():
        old, new = (_shown(visit, state, name, side.get(name)) for side in (before, after))
        if old != new:
            yield visit.say(label), old, new


def _flat(side: Any) -> dict[str, Any]:
    """A side of a change, with what it says of its person beside the rest."""
    return {**side, **side.get("person", {})} if isinstance(side, Mapping) else {}


def _shown(visit: Visit, state: State, name: str, value: Any) -> str:
    if name == "civility" and value:
        return visit.say(_CIVILITIES[value])
    if name == "evidence":
        value = [_day(visit, paper) for paper in (value or {}).values()]
    if name == "recipients":
        value = [name_of(state, key) for key in value or ()]
    if name == "access":
        value = [shown_label(product_label(visit.site, code), visit.language) for code in value or ()]
    return (", ".join(value) if isinstance(value, list) else value) or _NOTHING


def _day(visit: Visit, paper: Mapping[str, Any]) -> str:
    """When a paper was sent; else who answers for it."""
    sent = paper.get("sent_on")
    return shown_day(date.fromisoformat(sent), visit.language) if sent else str(paper.get("acknowledged_by", _NOTHING))
