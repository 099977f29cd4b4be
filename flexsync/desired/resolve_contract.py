"""The contract and products half of `resolve`: facts asserted by the files, kept where they are silent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from flexsync.desired.asked import Asked
from flexsync.desired.spec_services import DossierEntry, ProductEntry
from flexsync.state import Company, Dossier, Product, State


def contract(asked: Asked) -> State:
    """The desired contract, customer and products; administrator, users and services still as they are."""
    spec = asked.spec
    kept = asked.current or State(spec.name, offer="", seats=0)
    return replace(
        kept,
        name=spec.name,
        status=spec.state or "open",
        offer=spec.offer or kept.offer,
        seats=spec.seats or kept.seats,
        customer_code=spec.customer_code or kept.customer_code,
        company=_company(asked, kept.company),
        ends_on=spec.ends_on or kept.ends_on,
        sirets_allowed=kept.sirets_allowed if spec.sirets_allowed is None else spec.sirets_allowed,
        products=_products(asked),
    )


def _company(asked: Asked, kept: Company) -> Company:
    entry = asked.spec.company
    if entry is None:
        return kept
    return Company(entry.legal_name or kept.legal_name, entry.siren or kept.siren, entry.rcs or kept.rcs)


def _products(asked: Asked) -> Mapping[str, Product]:
    kept = asked.current_products
    wanted = kept if asked.products is None else _declared(asked, asked.products)
    if not asked.closed:
        return wanted
    return {code: replace(product, data_mode="local") for code, product in wanted.items()}


def _declared(asked: Asked, entries: Mapping[str, ProductEntry]) -> dict[str, Product]:
    kept = asked.current_products
    return {
        code: _product(entry, _kept(asked, entry, kept.get(code)) or Product(edition=_first_edition(asked, code)))
        for code, entry in entries.items()
    }


def _kept(asked: Asked, entry: ProductEntry, kept: Product | None) -> Product | None:
    """What the store has of a product, as far as it holds for what the files ask for."""
    goes_online = kept and kept.data_mode == "local" and entry.data_mode == "hosted"
    return kept.unproven(asked.as_of) if kept and goes_online else kept


def _first_edition(asked: Asked, code: str) -> str:
    known = asked.catalogue.products.get(code)
    return known.editions[0] if known else "standard"


def _product(entry: ProductEntry, kept: Product) -> Product:
    dossiers = kept.dossiers if entry.dossiers is None else _dossiers(entry.dossiers, kept.dossiers)
    return Product(
        edition=entry.edition or kept.edition,
        data_mode=entry.data_mode or "local",
        seats=entry.seats or kept.seats,
        dossiers=dossiers,
        confirmed_empty_on=entry.confirmed_empty_on or kept.confirmed_empty_on,
    )


def _dossiers(entries: Mapping[str, DossierEntry | None], kept: Mapping[str, Dossier]) -> dict[str, Dossier]:
    return {code: _dossier(entry, kept.get(code, Dossier())) for code, entry in sorted(entries.items()) if entry}


def _dossier(entry: DossierEntry, kept: Dossier) -> Dossier:
    """A declared dossier; a retrieval that the store recorded is not lost because the files do not repeat it."""
    retrieved_on: date | None = entry.retrieved_on or kept.retrieved_on
    return Dossier(entry.label or kept.label, retrieved_on, entry.retrieved_by or kept.retrieved_by)
