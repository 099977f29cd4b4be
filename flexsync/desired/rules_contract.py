"""Rules about what was subscribed: offer, seats, products, company, dates."""

from collections.abc import Iterator
from datetime import date

from flexsync.codes import siren_problem
from flexsync.desired.case import Case, unknown
from flexsync.desired.model import Path
from flexsync.errors import Problem

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


def contract_facts(case: Case) -> Iterator[Problem]:
    """A subscription says which offer it is and how many seats it has."""
    if case.spec.offer is None:
        known = " or ".join(case.catalogue.offers)
        yield case.error("missing", ("offer",), f"missing. Write the offer that was subscribed: {known}.")
    if case.spec.seats is None:
        yield case.error("missing", ("seats",), "missing. Write how many accounts the subscription allows.")


def setup(case: Case) -> Iterator[Problem]:
    """A subscription has products and exactly one administrator (guide, step 1)."""
    if not case.products:
        known = ", ".join(case.catalogue.products)
        yield case.error("missing", ("products",), f"no product. Name at least one of {known}.")
    if case.admin is None:
        text = "missing. A subscription has exactly one administrator: give civility, names and email, or a person."
        yield case.error("missing", ("admin",), text)


def known_offer(case: Case) -> Iterator[Problem]:
    """The offer is in the catalogue."""
    if case.spec.offer is not None and case.offer is None:
        yield case.error("unknown-offer", ("offer",), unknown(case.spec.offer, "an offer", case.catalogue.offers))


def known_products(case: Case) -> Iterator[Problem]:
    """Products and editions are in the catalogue."""
    for code, product in case.products.items():
        sold = case.catalogue.products.get(code)
        if sold is None:
            text = unknown(code, "a product", case.catalogue.products)
            yield case.error("unknown-product", ("products", code), text)
        elif product.edition is not None and product.edition not in sold.editions:
            text = unknown(product.edition, f"an edition of {code}", sold.editions)
            yield case.error("unknown-edition", ("products", code, "edition"), text)


def hosting(case: Case) -> Iterator[Problem]:
    """Hosted data needs an offer and a product that allow it, and Internet (guide, step 3)."""
    for code, product in case.products.items():
        if product.data_mode != "hosted":
            continue
        path = ("products", code, "data_mode")
        sold = case.catalogue.products.get(code)
        if sold is not None and not sold.hostable:
            yield case.error("hosting", path, f"{sold.label.fr} cannot be hosted; use local.")
        if case.offer is not None and not case.offer.hosting:
            yield case.error("hosting", path, f"hosted data needs {_hosting_offers(case)}; use local.")
        if not product.internet_acknowledged:
            text = "hosted mode needs Internet at every launch. Confirm with internet_acknowledged: true."
            yield case.error("internet", path, text)


def _hosting_offers(case: Case) -> str:
    offers = [offer.code for offer in case.catalogue.offers.values() if offer.hosting]
    this = f"this subscription is {case.spec.offer}"
    return f"offer {' or '.join(offers)}, {this}" if offers else f"an offer that includes it, {this}"


def retrievals(case: Case) -> Iterator[Problem]:
    """What somebody did with dossiers happened already."""
    for code, product in case.products.items():
        days: dict[Path, date | None] = {("products", code, "confirmed_empty_on"): product.confirmed_empty_on}
        for dossier, entry in (product.dossiers or {}).items():
            if entry is not None:
                days["products", code, "dossiers", dossier, "retrieved_on"] = entry.retrieved_on
        for path, day in days.items():
            if day is not None and day > case.as_of:
                yield case.error("future-date", path, future(day, case.as_of))


def future(day: date, as_of: date) -> str:
    """Says that something cannot have happened yet."""
    return f"{day} is after {as_of}. Write the day on which it was done."


def company_number(case: Case) -> Iterator[Problem]:
    """The SIREN passes its check."""
    siren = case.spec.company.siren if case.spec.company else None
    if siren is not None and (text := siren_problem(siren)):
        yield case.error("siren", ("company", "siren"), text)


def plausible_dates(case: Case) -> Iterator[Problem]:
    """Years nobody means are typing errors."""
    for path, day in _days(case):
        if day is not None and not EARLIEST <= day <= LATEST:
            text = f"{day} is not between {EARLIEST.year} and {LATEST.year}. Typo in the year?"
            yield case.error("date-range", path, text)


def _days(case: Case) -> Iterator[tuple[Path, date | None]]:
    yield ("ends_on",), case.spec.ends_on
    for key, user in case.users.items():
        yield ("users", key, "starts_on"), user.starts_on
        yield ("users", key, "ends_on"), user.ends_on
    for code, product in case.products.items():
        yield ("products", code, "confirmed_empty_on"), product.confirmed_empty_on
        for dossier, entry in (product.dossiers or {}).items():
            if entry is not None:
                yield ("products", code, "dossiers", dossier, "retrieved_on"), entry.retrieved_on
    for code, service in case.services.items():
        yield ("services", code, "ends_on"), service.ends_on
        for paper, proof in (service.prerequisites or {}).items():
            if proof is not None:
                yield ("services", code, "prerequisites", paper, "sent_on"), proof.sent_on
