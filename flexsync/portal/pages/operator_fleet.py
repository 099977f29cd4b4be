"""Pages of operators: the fleet, one subscription, invitations, runs, and who was shown what. They change nothing."""

from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from flexsync.acts.overseeing import overseen
from flexsync.clock import today
from flexsync.portal.operator_words import told
from flexsync.portal.visit import Visit
from flexsync.store import overview
from flexsync.store.overview import INVITED, SHOWN

_MOST_PAGES = 1_000_000


def home(visit: Visit) -> Response:
    """The fleet in numbers, and its subscriptions, searched and filtered."""
    text, show, site = visit.asked("q"), _one_of(visit, "show", SHOWN), visit.site
    day = today(site.clock)
    counts = site.store.read(lambda connection: overview.overview(connection, day, site.now()))
    found = site.store.read(lambda connection: overview.subscriptions(connection, text, show, day, number(visit)))
    return visit.page("operator_fleet.html", counts=counts, found=found, q=text, show=show, base=base(visit))


def one(visit: Visit) -> Response:
    """One subscription, with its people, what drifted, and its journal."""
    seen = overseen(visit.site, visit.subscription, number(visit))
    if seen is None:
        raise HTTPException(404)
    return visit.page("operator_subscription.html", seen=seen, told=told(visit), base=base(visit))


def invitations(visit: Visit) -> Response:
    """Invitations that nobody followed."""
    state, site = _one_of(visit, "state", ("", *INVITED)), visit.site
    found = site.store.read(lambda connection: overview.invitations(connection, state, site.now(), number(visit)))
    return visit.page("operator_invitations.html", found=found, state=state, base=base(visit))


def runs(visit: Visit) -> Response:
    """What ran, newest first."""
    found = visit.site.store.read(lambda connection: overview.runs(connection, number(visit)))
    return visit.page("operator_runs.html", found=found, base=base(visit))


def run(visit: Visit) -> Response:
    """One run, and what it did, subscription by subscription."""
    store, name = visit.site.store, visit.part("run")
    ran = store.read(lambda connection: overview.one_run(connection, name))
    if ran is None:
        raise HTTPException(404)
    found = store.read(lambda connection: overview.entries(connection, run_id=ran.id, number=number(visit)))
    return visit.page("operator_run.html", ran=ran, found=found, told=told(visit), base=base(visit))


def disclosures(visit: Visit) -> Response:
    """Who was shown what."""
    found = visit.site.store.read(lambda connection: overview.disclosures(connection, number(visit)))
    return visit.page("operator_disclosures.html", found=found, base=base(visit))


def number(visit: Visit) -> int:
    """The number of the page that was asked for; 1 of what is no number."""
    asked = visit.asked("page")
    return min(int(asked), _MOST_PAGES) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1


def base(visit: Visit) -> str:
    """The address of the page without the number, for links to other numbers."""
    kept = {name: visit.asked(name) for name in ("q", "show", "state") if visit.asked(name)}
    return f"{visit.path}?{urlencode({**kept, 'page': ''})}"


def _one_of(visit: Visit, name: str, known: tuple[str, ...]) -> str:
    asked = visit.asked(name)
    return asked if asked in known else ""
