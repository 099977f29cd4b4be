"""A `kind: Catalogue` file into the Catalogue that rules look things up in.

In: a name and bytes. Out: a Catalogue whose references all lead somewhere, or InvalidFiles. It must
not know any product by name.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from flexsync.catalogue import Catalogue, Label, Member, Offer, ProductType, Release, ServiceType
from flexsync.desired.case import dotted
from flexsync.desired.document import Document
from flexsync.desired.fleet_spec import (
    CatalogueFile,
    LabelEntry,
    OfferEntry,
    ProductTypeEntry,
    ReleaseEntry,
    ServiceTypeEntry,
)
from flexsync.desired.model import Path
from flexsync.desired.schema import read
from flexsync.desired.typed import typed
from flexsync.errors import InvalidFiles, Problem
from flexsync.state import digest
from flexsync.text import did_you_mean, shorten


@cache
def builtin() -> Catalogue:
    """The catalogue that comes with flexsync: what the guide describes."""
    return catalogue_from("catalogue.yaml", (files("flexsync") / "catalogue.yaml").read_bytes())


def catalogue_from(file: str, content: bytes) -> Catalogue:
    """The Catalogue of a file; raises InvalidFiles with all that is wrong in it."""
    document = read(file, content)
    if document.data["kind"] != "Catalogue":
        message = (
            f"kind: {shorten(document.data['kind'])} found where a Catalogue is expected; give a kind: Catalogue file"
        )
        raise InvalidFiles([Problem("kind", message, document.where(("kind",)))])
    spec = typed(CatalogueFile, document.data, document.where)
    if problems := tuple(_dangling(spec, document)):
        raise InvalidFiles(problems)
    return _catalogue(spec, digest(document.data))


def _dangling(spec: CatalogueFile, document: Document) -> Iterator[Problem]:
    """Names that lead nowhere."""
    tools = [service.tool for service in spec.services.values() if service.tool]
    for code, offer in spec.offers.items():
        yield from _unknown(document, ("offers", code, "services"), offer.services, list(spec.services))
    for code, service in spec.services.items():
        yield from _unknown(document, ("services", code, "products"), service.products, list(spec.products))
    for number, release in enumerate(spec.releases):
        path: Path = ("releases", number, "product")
        if release.product not in spec.products and release.product not in tools:
            yield _nowhere(document, path, release.product, [*spec.products, *tools])


def _unknown(document: Document, path: Path, names: list[str], known: list[str]) -> Iterator[Problem]:
    for number, name in enumerate(names):
        if name not in known:
            yield _nowhere(document, (*path, number), name, known)


def _nowhere(document: Document, path: Path, name: str, known: list[str]) -> Problem:
    hint = did_you_mean(name, known)
    message = f'{dotted(path)}: "{shorten(name)}" is not in this catalogue ({", ".join(known)}).{hint}'
    return document.problem("unknown-reference", message, document.where(path))


def _catalogue(spec: CatalogueFile, content: str) -> Catalogue:
    return Catalogue(
        offers={code: _offer(code, entry) for code, entry in spec.offers.items()},
        products={code: _product(code, entry) for code, entry in spec.products.items()},
        services={code: _service(code, entry) for code, entry in spec.services.items()},
        releases=tuple(_release(entry) for entry in spec.releases),
        digest=content,
    )


def _label(entry: LabelEntry) -> Label:
    return Label(entry.fr, entry.en)


def _release(entry: ReleaseEntry) -> Release:
    return Release(
        entry.product,
        entry.version,
        _label(entry.label),
        entry.channel,
        entry.published_on,
        file=entry.file or "",
        size=entry.size,
        sha256=entry.sha256 or "",
    )


def _offer(code: str, entry: OfferEntry) -> Offer:
    return Offer(code, _label(entry.label), entry.rank, tuple(entry.services), entry.hosting)


def _product(code: str, entry: ProductTypeEntry) -> ProductType:
    return ProductType(code, _label(entry.label), tuple(entry.editions), entry.hostable)


def _service(code: str, entry: ServiceTypeEntry) -> ServiceType:
    return ServiceType(
        code,
        _label(entry.label),
        tuple(entry.products),
        derived=entry.derived,
        secret=entry.secret,
        sirets=entry.sirets,
        bank=entry.bank,
        prerequisites={paper: _label(label) for paper, label in entry.prerequisites.items()},
        members=tuple(
            Member(member.code, _label(member.label), member.retired_on, member.replaced_by or "")
            for member in entry.members
        ),
        tool=entry.tool or "",
    )
