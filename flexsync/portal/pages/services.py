"""The shared password of a filing service, read by its recipients (guide, step 2: receive the password)."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from flexsync.acts.disclosing import NotForYou, NotKept, ProofNeeded, Reader, SharedPassword, read_password
from flexsync.acts.seeing import UsedService, places
from flexsync.acts.signing import proved
from flexsync.passwords import N_
from flexsync.portal.pages.links import WRONG
from flexsync.portal.visit import Visit

_NOT_KEPT = N_("This password cannot be shown: it was set before it was kept here. It can be read once it is changed.")


def show(visit: Visit) -> Response:
    """Ask for the reader's own password; a service that is not theirs is one that does not exist."""
    return _page(visit, 200)


def read(visit: Visit) -> Response:
    """Show the shared password, once."""
    service = _service(visit)
    if not proved(visit.site, visit.login, visit.form["password"], visit.address):
        return _page(visit, 422, password=WRONG)
    try:
        return _page(visit, 200, _read(visit, service.code))
    except NotKept:
        return _page(visit, 409, password=_NOT_KEPT)


def _page(visit: Visit, status: int, shared: SharedPassword | None = None, **errors: str) -> Response:
    service = _service(visit)
    return visit.page("service.html", status, service=service, shared=shared, errors=visit.errors(**errors))


def _service(visit: Visit) -> UsedService:
    mine = places(visit.site, visit.login, visit.subscription)
    found = (one for place in mine for one in place.services if one.code == visit.part("service") and one.reads)
    service = next(found, None)
    if service is None:
        raise HTTPException(404)
    return service


def _read(visit: Visit, code: str) -> SharedPassword:
    site = visit.site
    reader = Reader(visit.login.key, site.now())
    try:
        return read_password(site.store, site.keys, site.catalogue, reader, visit.subscription, code)
    except (NotForYou, ProofNeeded):
        raise HTTPException(404) from None
