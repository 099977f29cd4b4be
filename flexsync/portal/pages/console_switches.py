"""Services and hosted data of the console: what there is, and how they are switched (guide, step 3)."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import Response

from flexsync.acts.console import Console
from flexsync.acts.console_changes import Wanted
from flexsync.acts.console_services import HostedProduct, SoldService, name_of
from flexsync.acts.console_switching import (
    BANK,
    SENT,
    brought_back,
    hosted,
    readers,
    switched_off,
    switched_on,
    typed_service,
)
from flexsync.catalogue import ServiceType
from flexsync.clock import today
from flexsync.portal.pages.console import page, places, subscription
from flexsync.portal.pages.console_edits import SURE, Edit, answered, boxes, ticked
from flexsync.portal.visit import Visit
from flexsync.state import Service, to_plain

#: Users of one subscription that a form can name: as many as it may have seats.
RECIPIENTS = boxes("recipient", 999)
SERVICE = ("sirets", *BANK, *SENT, *RECIPIENTS, SURE)
DATA = ("mode", "internet", "empty", SURE)


def show(visit: Visit) -> Response:
    """All services, and where the data of each product lives."""
    seen = subscription(visit)
    paths: list[tuple[str, ...]] = [("services", one.code) for one in seen.services if not one.derived]
    paths += [("products", one.code, "data_mode") for one in seen.hosted]
    return page(visit, "console_services.html", seen, places=places(visit, paths))


def show_service(visit: Visit) -> Response:
    """One service, to be switched on or changed."""
    return _service_form(visit, subscription(visit))


def switch_on(visit: Visit) -> Response:
    """Activate a service, or change who uses it and what for."""
    return answered(visit, Edit("change service", _switched_on, "service", "/services", _service_form))


def _switched_on(visit: Visit, seen: Console) -> Wanted:
    sold, day = _sold(visit, seen), today(visit.site.clock)
    typed = typed_service(visit.form, sold, ticked(visit, RECIPIENTS), day)
    return switched_on(visit.site.catalogue, sold.code, typed, day)


def _service_form(visit: Visit, seen: Console, status: int = 200, **errors: str) -> Response:
    sold = _sold(visit, seen)
    service = seen.state.services.get(sold.code, Service())
    values = {
        "one": _service(visit, seen),
        "sold": sold,
        "service": service,
        "typed": visit.form or _fields(service, sold),
        "readers": [(key, name_of(seen.state, key)) for key in readers(seen.state, sold)],
        "ticked": ticked(visit, RECIPIENTS) if visit.form else service.recipients,
        "places": places(visit, [("services", sold.code)]),
        "today": today(visit.site.clock),
    }
    return page(visit, "console_service.html", seen, status, errors=visit.errors(**errors), **values)


def _fields(service: Service, sold: ServiceType) -> dict[str, str]:
    """What the form says of a service before anybody typed."""
    sent = [service.evidence[paper].sent_on if paper in service.evidence else None for paper in sold.prerequisites]
    dates = {name: to_plain(day) or "" for name, day in zip(SENT, sent, strict=False)}
    return {"sirets": "\n".join(service.sirets), **dates, **{name: getattr(service, name) for name in BANK}}


def end_service(visit: Visit) -> Response:
    """Switch a service off; asked first."""
    return answered(visit, Edit("end service", _switched_off, "ended", "/services", template="console_end.html"))


def _switched_off(visit: Visit, seen: Console) -> Wanted:
    return switched_off(_service(visit, seen).code)


def _sold(visit: Visit, seen: Console) -> ServiceType:
    return visit.site.catalogue.services[_service(visit, seen).code]


def _service(visit: Visit, seen: Console) -> SoldService:
    """The service of the path; the 404 of every unknown thing when there is none to switch."""
    found = next((one for one in seen.services if one.code == visit.part("service") and not one.derived), None)
    if found is None:
        raise HTTPException(404)
    return found


def show_data(visit: Visit) -> Response:
    """Where the data of one product lives, and what has to be done before it moves."""
    return _data_form(visit, subscription(visit))


def move_data(visit: Visit) -> Response:
    """Put the data of a product online, or bring it back once all of it was retrieved."""
    return answered(visit, Edit("move data", _moved, "data", "/services", _data_form))


def _moved(visit: Visit, seen: Console) -> Wanted:
    code, form, as_of = _product(visit, seen).code, visit.form, today(visit.site.clock)
    if form["mode"] == "hosted":
        return hosted(visit.site.catalogue, code, internet=form["internet"] == "yes", as_of=as_of)
    return brought_back(code, empty=form["empty"] == "yes", as_of=as_of)


def _data_form(visit: Visit, seen: Console, status: int = 200, **errors: str) -> Response:
    one = _product(visit, seen)
    typed: Mapping[str, str] = visit.form or dict.fromkeys(DATA, "")
    known = places(visit, [("products", one.code, "data_mode")])
    return page(
        visit, "console_data.html", seen, status, one=one, typed=typed, places=known, errors=visit.errors(**errors)
    )


def _product(visit: Visit, seen: Console) -> HostedProduct:
    """The product of the path, when its data may live online; else the 404 of every unknown thing."""
    found = next((one for one in seen.hosted if one.code == visit.part("product")), None)
    if found is None:
        raise HTTPException(404)
    return found
