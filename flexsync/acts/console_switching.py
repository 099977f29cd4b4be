"""Services and data modes, as the State that an administrator would like (guide, step 3: "Activer mes services").

In: the State as it is, and what was typed. Out: the State that is wanted. Nothing is looked up nor written; whether
it may be is asked by `flexsync.acts.console_editing`, or by whoever reviews the patch.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flexsync.acts.console_changes import Wanted
from flexsync.acts.own import BadValue
from flexsync.catalogue import Catalogue, ServiceType
from flexsync.codes import bic_problem, creditor_id_problem, iban_problem, siret_problem
from flexsync.passwords import N_
from flexsync.state import GENERATED, Evidence, Product, Service, State

#: Papers of one service that a form can date.
SENT = tuple(f"sent_{number}" for number in range(1, 21))
BANK: Mapping[str, Callable[[str], str | None]] = {
    "creditor_id": creditor_id_problem,
    "iban": iban_problem,
    "bic": bic_problem,
}

NOT_OFFERED = N_("Your offer, or your products, do not include this service.")
NOT_HOSTABLE = N_("Your offer, or this product, does not keep data online.")
INTERNET = N_("Confirm that an Internet connection is there at each launch.")
SIRETS = N_("Give one SIRET a line: 14 digits each, the last of which checks the others.")
NO_SIRET = N_("Name at least one establishment that files.")
MANY_SIRETS = N_("These are more SIRETs than your contract allows. Take some away, or ask your sales contact.")
NOT_A_READER = N_("Choose users who are there and who may open the product of this service.")
BAD_DAY = N_("Give the day on which the papers were sent, such as 2026-11-25; it cannot be to come.")
BAD_BANK = {
    "creditor_id": N_("This is not a SEPA creditor identifier. Copy it from your bank, without spaces."),
    "iban": N_("This is not an IBAN. Copy it from your bank."),
    "bic": N_("This is not a BIC. It has 8 or 11 characters."),
}


@dataclass(frozen=True, slots=True)
class TypedService:
    """What a form says of a service; `sent` has the day of each paper that was sent."""

    sirets: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    sent: Mapping[str, date] = field(default_factory=dict)
    creditor_id: str = ""
    iban: str = ""
    bic: str = ""


def typed_service(form: Mapping[str, str], sold: ServiceType, recipients: Iterable[str], as_of: date) -> TypedService:
    """The service of a form, as far as `sold` has a use for it; raises BadValue for the first field that cannot be."""
    return TypedService(
        sirets=_sirets(form["sirets"]) if sold.sirets else (),
        recipients=tuple(sorted(set(recipients))) if sold.secret else (),
        sent=dict(_sent(form, sold, as_of)),
        **(dict(_bank(form)) if sold.bank else {}),
    )


def _sirets(text: str) -> tuple[str, ...]:
    """Numbers as people copy them: one a line, or with commas between, spaces inside."""
    found = tuple(re.sub(r"[\s.]", "", part) for part in re.split(r"[\n,;]", text) if part.strip())
    if not found:
        raise BadValue("sirets", NO_SIRET)
    if any(siret_problem(siret) for siret in found):
        raise BadValue("sirets", SIRETS)
    return tuple(sorted(set(found)))


def _sent(form: Mapping[str, str], sold: ServiceType, as_of: date) -> Iterator[tuple[str, date]]:
    for name, paper in zip(SENT, sold.prerequisites, strict=False):
        if typed := form[name].strip():
            yield paper, _day(name, typed, as_of)


def _day(name: str, typed: str, as_of: date) -> date:
    try:
        sent = date.fromisoformat(typed)
    except ValueError:
        raise BadValue(name, BAD_DAY) from None
    if not date(1990, 1, 1) <= sent <= as_of:
        raise BadValue(name, BAD_DAY)
    return sent


def _bank(form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, problem in BANK.items():
        number = re.sub(r"\s", "", form[name]).upper()
        if problem(number):
            raise BadValue(name, BAD_BANK[name])
        yield name, number


def switched_on(catalogue: Catalogue, code: str, typed: TypedService, as_of: date) -> Wanted:
    """The service as it was typed: active, or waiting until the day of each paper is known.

    A shared password of which nobody said where it is read is made.
    """
    sold = catalogue.services[code]

    def wanted(state: State) -> State:
        _refuse_unsold(catalogue, sold, state)
        if state.sirets_allowed is not None and len(typed.sirets) > state.sirets_allowed:
            raise BadValue("sirets", MANY_SIRETS)
        if not set(typed.recipients) <= set(readers(state, sold)):
            raise BadValue("recipients", NOT_A_READER)
        described = _described(state.services.get(code, Service()), sold, typed)
        papers = (described.evidence.get(paper, Evidence()).proves(as_of) for paper in sold.prerequisites)
        on = described.status == "active" or all(papers)
        return _with_service(state, code, replace(described, status="active" if on else "pending"))

    return wanted


def switched_off(code: str) -> Wanted:
    """The service off: who used it is told, its shared password is forgotten, its identifier kept."""

    def wanted(state: State) -> State:
        service = state.services.get(code)
        return state if service is None else _with_service(state, code, replace(service, status="off"))

    return wanted


def hosted(catalogue: Catalogue, code: str, *, internet: bool, as_of: date) -> Wanted:
    """The data of a product online; somebody has to know that each launch needs `internet` then."""

    def wanted(state: State) -> State:
        offer, sold = catalogue.offers.get(state.offer), catalogue.products.get(code)
        if code not in state.products or not (offer and offer.hosting and sold and sold.hostable):
            raise BadValue("edit", NOT_HOSTABLE)
        if not internet:
            raise BadValue("internet", INTERNET)
        return _with_product(state, code, replace(state.products[code].unproven(as_of), data_mode="hosted"))

    return wanted


def brought_back(code: str, *, empty: bool, as_of: date) -> Wanted:
    """The data of a product on the workstations; `empty` when somebody saw that no dossier is online."""

    def wanted(state: State) -> State:
        product = state.products.get(code)
        if product is None:
            raise BadValue("edit", NOT_HOSTABLE)
        seen = as_of if empty else product.confirmed_empty_on
        return _with_product(state, code, replace(product, data_mode="local", confirmed_empty_on=seen))

    return wanted


def readers(state: State, sold: ServiceType) -> list[str]:
    """Keys of those who can be told the shared password of a service: present users of its product."""
    return [key for key, user in sorted(state.present.items()) if not set(sold.products).isdisjoint(user.access)]


def _refuse_unsold(catalogue: Catalogue, sold: ServiceType, state: State) -> None:
    offer = catalogue.offers.get(state.offer)
    if sold.derived or not offer or sold.code not in offer.services or set(sold.products).isdisjoint(state.products):
        raise BadValue("edit", NOT_OFFERED)


def _described(service: Service, sold: ServiceType, typed: TypedService) -> Service:
    evidence = {
        paper: replace(service.evidence.get(paper, Evidence()), sent_on=sent) for paper, sent in typed.sent.items()
    }
    return replace(
        service,
        sirets=typed.sirets,
        recipients=typed.recipients,
        evidence={**service.evidence, **evidence},
        secret=service.secret or (GENERATED if sold.secret else ""),
        creditor_id=typed.creditor_id,
        iban=typed.iban,
        bic=typed.bic,
    )


def _with_service(state: State, code: str, service: Service) -> State:
    return replace(state, services=dict(sorted({**state.services, code: service}.items())))


def _with_product(state: State, code: str, product: Product) -> State:
    return replace(state, products={**state.products, code: product})
