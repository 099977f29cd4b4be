"""Rules about connected services (guide, step 3): what they need before they can be on."""

from collections.abc import Callable, Iterator

from flexsync.catalogue import Member, ServiceType
from flexsync.codes import bic_problem, creditor_id_problem, iban_problem, siren_problem, siret_problem
from flexsync.desired.case import Case, some, unknown
from flexsync.desired.model import Path
from flexsync.desired.rules_contract import future
from flexsync.desired.spec_services import ServiceEntry, SharedPasswordRef
from flexsync.errors import Problem
from flexsync.state import ADMIN_KEY

_BANK_CHECKS: dict[str, Callable[[str], str | None]] = {
    "creditor_id": creditor_id_problem,
    "iban": iban_problem,
    "bic": bic_problem,
}


def known_services(case: Case) -> Iterator[Problem]:
    """Services and their papers are in the catalogue, and can be declared."""
    for code, service in case.services.items():
        path: Path = ("services", code)
        sold = case.catalogue.services.get(code)
        if sold is None:
            declared = [known.code for known in case.catalogue.services.values() if not known.derived]
            yield case.error("unknown-service", path, unknown(code, "a connected service", declared))
        elif sold.derived:
            yield case.error("derived-service", path, "set products.<product>.data_mode: hosted instead.")
        else:
            yield from _known_papers(case, sold, service)


def _known_papers(case: Case, sold: ServiceType, service: ServiceEntry) -> Iterator[Problem]:
    for paper in service.prerequisites or ():
        if paper not in sold.prerequisites:
            text = unknown(paper, f"a prerequisite of {sold.code}", sold.prerequisites)
            yield case.error("unknown-prerequisite", ("services", sold.code, "prerequisites", paper), text)


def offered(case: Case) -> Iterator[Problem]:
    """Only some offers have connected services (guide: uniquement en offre UltraFlex)."""
    for sold, _ in _enabled(case):
        if case.offer is None or sold.code in case.offer.services:
            continue
        offers = [offer.code for offer in case.catalogue.offers.values() if sold.code in offer.services]
        needed = f"needs offer {' or '.join(offers)}" if offers else "is in no offer"
        has = f", which has {some(case.offer.services)}" if case.offer.services else ", which has no connected service"
        text = f"{needed}; this subscription is {case.offer.code}{has}."
        yield case.error("service-offer", ("services", sold.code), text)


def product_owned(case: Case) -> Iterator[Problem]:
    """A service works on a product of the subscription (guide: uniquement pour Compta, and so on)."""
    for sold, _ in _enabled(case):
        if case.products and not set(sold.products) & set(case.products):
            text = f"needs product {' or '.join(sold.products)}, which is not in products ({some(case.products)})."
            yield case.error("service-product", ("services", sold.code), text)


def siret_numbers(case: Case) -> Iterator[Problem]:
    """SIRETs pass their check, come once, and belong to the company."""
    for code, service in case.services.items():
        seen: dict[str, int] = {}
        for index, siret in enumerate(service.sirets or ()):
            path: Path = ("services", code, "sirets", index)
            if text := siret_problem(siret):
                yield case.error("siret", path, text)
            elif seen.setdefault(siret, index) != index:
                yield case.error("siret-twice", path, f"{siret} is sirets[{seen[siret]}] already. Remove one.")
            else:
                yield from _foreign_siret(case, path, siret)


def _foreign_siret(case: Case, path: Path, siret: str) -> Iterator[Problem]:
    siren = case.spec.company.siren if case.spec.company else None
    if siren is not None and not siret.startswith(siren) and siren_problem(siren) is None:
        yield case.warning("siret-company", path, f"{siret} belongs to SIREN {siret[:9]}, not to {siren}. Intended?")


def establishments(case: Case) -> Iterator[Problem]:
    """A filing service files for somebody, and for no more than the contract allows."""
    allowed = case.spec.sirets_allowed
    for sold, service in _enabled(case):
        count = len(service.sirets or ())
        path: Path = ("services", sold.code, "sirets")
        if sold.sirets and not count:
            yield case.error("sirets", path, "no SIRET. Name at least one establishment that files.")
        elif sold.sirets and allowed is not None and count > allowed:
            yield case.error("sirets", path, f"{count} SIRETs declared, the contract allows {allowed}.")


def bank_numbers(case: Case) -> Iterator[Problem]:
    """IBAN, BIC and creditor identifier pass their checks."""
    for code, service in case.services.items():
        for field, check in _BANK_CHECKS.items():
            value = getattr(service, field)
            if value is not None and (text := check(value)):
                yield case.error(field.replace("_", "-"), ("services", code, field), text)


def bank_details(case: Case) -> Iterator[Problem]:
    """A service that moves money knows from where and to where."""
    for sold, service in _enabled(case):
        missing = [field for field in _BANK_CHECKS if getattr(service, field) is None]
        if sold.bank and missing:
            yield case.error("bank-details", ("services", sold.code), f"missing {', '.join(missing)}.")


def evidence(case: Case) -> Iterator[Problem]:
    """Papers were sent in the past; a missing date only keeps the service waiting."""
    for code, service in case.services.items():
        for paper, proof in (service.prerequisites or {}).items():
            if proof is not None and proof.sent_on is not None and proof.sent_on > case.as_of:
                path = ("services", code, "prerequisites", paper, "sent_on")
                yield case.error("future-date", path, future(proof.sent_on, case.as_of))


def recipients(case: Case) -> Iterator[Problem]:
    """Who is told about a shared password is a user who opens the service's product.

    Somebody whose dates exclude the day is only warned about: time alone must not spoil a file.
    """
    for sold, service in _enabled(case):
        for index, key in enumerate(service.recipients or ()):
            path: Path = ("services", sold.code, "recipients", index)
            if key in case.seats:
                yield from _may_open(case, path, key, sold)
            elif key in case.users:
                yield case.warning("recipient", path, f"{key} is not there on {case.as_of} and will not be told.")
            elif case.manages_users or key == ADMIN_KEY:
                yield case.error("recipient", path, unknown(key, "a user who is present", case.seats))


def _may_open(case: Case, path: Path, key: str, sold: ServiceType) -> Iterator[Problem]:
    if not set(sold.products) & set(case.seats[key]):
        yield case.error("recipient", path, f"{key} has no access to {' or '.join(sold.products)}.")


def secrets(case: Case) -> Iterator[Problem]:
    """A shared password comes from one place."""
    for code, service in case.services.items():
        reference = service.password_from
        if reference is not None and _places(reference) != 1:
            path: Path = ("services", code, "password_from")
            text = "give exactly one of env: NAME, file: PATH and generate: true."
            yield case.error("secret-reference", path, text)


def _places(reference: SharedPasswordRef) -> int:
    return sum(place is not None for place in (reference.env, reference.file, reference.generate))


def last_days(case: Case) -> Iterator[Problem]:
    """A service ends with the contract at the latest (guide: accessible jusqu'au)."""
    contract = case.spec.ends_on
    for code, service in case.services.items():
        if service.ends_on is not None and contract is not None and service.ends_on > contract:
            text = f"{service.ends_on} is after the contract's last day, {contract}. Leave it out or end earlier."
            yield case.error("after-contract", ("services", code, "ends_on"), text)


def unused_fields(case: Case) -> Iterator[Problem]:
    """Fields that the service has no use for are probably meant for another one."""
    for code, service in case.services.items():
        sold = case.catalogue.services.get(code)
        for field in _unused(sold, service) if sold is not None and not sold.derived else ():
            yield case.warning("unused", ("services", code, field), f"{code} has no use for it.")


def _unused(sold: ServiceType, service: ServiceEntry) -> list[str]:
    uses = {"sirets": sold.sirets, "password_from": sold.secret, "recipients": sold.secret}
    uses |= dict.fromkeys(_BANK_CHECKS, sold.bank)
    return [field for field, used in uses.items() if not used and getattr(service, field) is not None]


def retired_members(case: Case) -> Iterator[Problem]:
    """Declarations that no longer exist are still sold in old bundles."""
    for sold, _ in _enabled(case):
        retired = [member for member in sold.members if member.retired_on and member.retired_on <= case.as_of]
        if retired:
            text = f"retired by {case.as_of}, can no longer be filed: {_replacements(retired)}."
            yield case.warning("retired", ("services", sold.code), text)


def _replacements(members: list[Member]) -> str:
    by_successor: dict[str, list[str]] = {}
    for member in members:
        by_successor.setdefault(member.replaced_by, []).append(member.label.fr)
    parts = [
        f"{', '.join(labels)} ({f'now {successor}' if successor else 'not replaced'})"
        for successor, labels in by_successor.items()
    ]
    return "; ".join(parts)


def _enabled(case: Case) -> Iterator[tuple[ServiceType, ServiceEntry]]:
    """The services that are switched on and that the catalogue knows as declarable."""
    for code, service in case.services.items():
        sold = case.catalogue.services.get(code)
        if service.enabled and sold is not None and not sold.derived:
            yield sold, service
