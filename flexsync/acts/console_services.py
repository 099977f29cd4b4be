"""Services and hosted data of a subscription, as its administrator sees them (guide, step 3).

In: a subscription as stored. Out: plain values for pages.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flexsync.acts.site import Site
from flexsync.catalogue import Label, Release, ServiceType
from flexsync.plan.dossiers import changes_online, not_retrieved
from flexsync.snapshot import HOSTED_SINCE, ROTATION_DUE, SERVICE_IDENTIFIER, Snapshot
from flexsync.state import Dossier, Product, Service, State, day


@dataclass(frozen=True, slots=True)
class Paper:
    """A prerequisite of a service, and the day on which it was sent; `acknowledged_by` who took it for done."""

    label: Label
    sent_on: date | None
    acknowledged_by: str


@dataclass(frozen=True, slots=True)
class SoldService:
    """A connected service of the offer. `reads` when it has a shared password to be shown.

    `recipients` are names of people; `rotation_due` are those who left and still know the password.
    """

    code: str
    label: Label
    status: str
    derived: bool
    identifier: str
    papers: tuple[Paper, ...]
    ends_on: date | None
    sirets: tuple[str, ...]
    sirets_allowed: int | None
    counts_sirets: bool
    recipients: tuple[str, ...]
    reads: bool
    rotation_due: tuple[str, ...]
    tool: Release | None


@dataclass(frozen=True, slots=True)
class DossierLine:
    """A dossier that is kept online; `safe` when it was retrieved since it last changed there."""

    code: str
    label: str
    changed_on: date | None
    retrieved_on: date | None
    retrieved_by: str
    safe: bool


@dataclass(frozen=True, slots=True)
class HostedProduct:
    """A product whose data may live online. `may_return` when nothing online would be lost by going local."""

    code: str
    label: Label
    hosted: bool
    hosted_since: date | None
    dossiers: tuple[DossierLine, ...]
    confirmed_empty_on: date | None
    may_return: bool


def sold_services(site: Site, snapshot: Snapshot, state: State) -> Iterator[SoldService]:
    """The services that the offer and the products allow, those that are off among them."""
    offer = site.catalogue.offers.get(state.offer)
    allowed = set(offer.services if offer else ()) | set(state.services)
    for code, sold in site.catalogue.services.items():
        if code in allowed and set(sold.products) & set(state.products):
            yield _service(site, snapshot, state, sold)


def _service(site: Site, snapshot: Snapshot, state: State, sold: ServiceType) -> SoldService:
    service = state.services.get(sold.code, Service())
    status = _derived(sold, state) if sold.derived else service.status
    due = snapshot.facts.get(ROTATION_DUE.format(sold.code), "")
    return SoldService(
        code=sold.code,
        label=sold.label,
        status=status,
        derived=sold.derived,
        identifier=snapshot.facts.get(SERVICE_IDENTIFIER.format(sold.code), ""),
        papers=tuple(_papers(sold, service)),
        ends_on=service.ends_on or state.ends_on,
        sirets=service.sirets,
        sirets_allowed=state.sirets_allowed,
        counts_sirets=sold.sirets,
        recipients=tuple(name_of(state, key) for key in service.recipients),
        reads=sold.secret and service.status == "active",
        rotation_due=tuple(name_of(state, key) for key in due.split()),
        tool=site.catalogue.latest(sold.tool) if sold.tool else None,
    )


def _derived(sold: ServiceType, state: State) -> str:
    hosted = any(state.products[code].data_mode == "hosted" for code in sold.products if code in state.products)
    return "active" if hosted else "off"


def _papers(sold: ServiceType, service: Service) -> Iterator[Paper]:
    for code, label in sold.prerequisites.items():
        evidence = service.evidence.get(code)
        yield Paper(label, evidence.sent_on if evidence else None, evidence.acknowledged_by if evidence else "")


def name_of(state: State, key: str) -> str:
    """The name of a user, present or not; the key of who is not known."""
    user = state.users.get(key)
    return user.person.name if user and user.person else key


def hosted_products(site: Site, facts: Mapping[str, str], state: State) -> Iterator[HostedProduct]:
    """The products whose data may live online, with the checklist of their dossiers."""
    offer = site.catalogue.offers.get(state.offer)
    for code, product in sorted(state.products.items()):
        sold = site.catalogue.products.get(code)
        if not sold or not sold.hostable or not (product.data_mode == "hosted" or (offer and offer.hosting)):
            continue
        yield HostedProduct(
            code=code,
            label=sold.label,
            hosted=product.data_mode == "hosted",
            hosted_since=day(facts.get(HOSTED_SINCE.format(code))),
            dossiers=tuple(_dossiers(code, product, facts, state)),
            confirmed_empty_on=product.confirmed_empty_on,
            may_return=not list(not_retrieved(code, product, product, facts)),
        )


def _dossiers(product: str, stored: Product, facts: Mapping[str, str], state: State) -> Iterator[DossierLine]:
    changed = changes_online(product, facts)
    hosted = day(facts.get(HOSTED_SINCE.format(product)))
    for code in sorted(stored.dossiers.keys() | changed.keys()):
        dossier = stored.dossiers.get(code, Dossier())
        last = changed.get(code) or hosted
        safe = dossier.retrieved_on is not None and (last is None or dossier.retrieved_on >= last)
        by = name_of(state, dossier.retrieved_by)
        yield DossierLine(code, dossier.label, changed.get(code), dossier.retrieved_on, by, safe)
