"""expiring: what ends soon, or waits for somebody, as the store has it.

In: an open store, a day, and how many days to look ahead. Out: Ends, subscriptions with data online first,
then what is due first. It reads no files but the catalogue.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flexsync.catalogue import Catalogue
from flexsync.clock import PARIS
from flexsync.state import ADMIN_KEY, Service, State
from flexsync.text import visible
from flexsync.workflow.status import all_statuses

if TYPE_CHECKING:
    from flexsync.store.base import Status
    from flexsync.store.sql import Store

HEADING = ("SUBSCRIPTION", "WHAT", "OF", "DAY", "IN DAYS", "DATA", "DETAIL")
#: What is said of invitations that nobody followed, by state.
_WAITING = {
    "planned": "not followed yet",
    "sent": "not followed yet",
    "expired": "expired, the seat is taken",
    "failed": "the mail failed, the seat is taken",
}


@dataclass(frozen=True, slots=True)
class End:
    """Something that ends on a day, or that waits since one (`days` below 0). `hosted`: data is online."""

    subscription: str
    what: str
    subject: str
    day: date
    days: int
    hosted: bool
    detail: str = ""


def ends(store: "Store", catalogue: Catalogue, as_of: date, within: int) -> list[End]:
    """Contracts, services, users and invitations that end within so many days, and papers that are awaited."""
    looked = _Look(store, catalogue, as_of, within)
    found = [end for status in all_statuses(store) for end in looked.at(status)]
    return sorted(found, key=lambda end: (not end.hosted, end.day, end.subscription, end.what, end.subject))


@dataclass(frozen=True, slots=True)
class _Look:
    store: "Store"
    catalogue: Catalogue
    as_of: date
    within: int

    def at(self, status: "Status") -> Iterator[End]:
        """What ends in one subscription."""
        state = status.snapshot.current
        if state is None or state.status == "closed":
            return
        yield from self._contract(state)
        yield from self._services(state)
        yield from self._users(state)
        yield from self._invitations(state, status)

    def _contract(self, state: State) -> Iterator[End]:
        hosted = [code for code, product in sorted(state.products.items()) if product.data_mode == "hosted"]
        detail = f"data of {', '.join(hosted)} is online; bring it back before" if hosted else ""
        yield from self._end(state, "contract", "", state.ends_on, detail)

    def _services(self, state: State) -> Iterator[End]:
        for code, service in sorted(state.services.items()):
            if service.status != "off":
                yield from self._end(state, "service", code, service.ends_on, "")
            if service.status == "pending":
                yield self._papers(state, code, service)

    def _papers(self, state: State, code: str, service: Service) -> End:
        """What a service waits for, since the day on which it was asked for."""
        known = self.catalogue.services.get(code)
        sent = {paper for paper, evidence in service.evidence.items() if evidence.sent_on}
        missing = [paper for paper in (known.prerequisites if known else {}) if paper not in sent]
        since = self._requested(state.name, code)
        return self._made(state, "prerequisite", code, since, f"awaits {', '.join(missing) or 'a decision'}")

    def _requested(self, name: str, code: str) -> date:
        from flexsync.store.audit import Asked

        acts = [
            act.at
            for act in self.store.acts(Asked(subscription=name))
            for step in act.steps
            if step["kind"] == "service.request" and step["subject"] == f"service/{code}"
        ]
        return acts[-1].astimezone(PARIS).date() if acts else self.as_of

    def _users(self, state: State) -> Iterator[End]:
        for key, user in sorted(state.present.items()):
            yield from self._end(state, "user", key, user.ends_on, "loses the seat the day after")

    def _invitations(self, state: State, status: "Status") -> Iterator[End]:
        """Those of the administrator, whether or not with a seat, and of the users."""
        invited = {key: user.person for key, user in state.present.items()}
        invited |= {ADMIN_KEY: state.admin.person} if state.admin else {}
        for key, person in sorted(invited.items()):
            invitation = status.invitation(person)
            if invitation and invitation.state in _WAITING:
                yield from self._end(state, "invitation", key, invitation.last_day, _WAITING[invitation.state])

    def _end(self, state: State, what: str, subject: str, day: date | None, detail: str) -> Iterator[End]:
        if day is not None and (day - self.as_of).days <= self.within:
            yield self._made(state, what, subject, day, detail)

    def _made(self, state: State, what: str, subject: str, day: date, detail: str) -> End:
        hosted = any(product.data_mode == "hosted" for product in state.products.values())
        return End(state.name, what, subject, day, (day - self.as_of).days, hosted, detail)


def rows(found: Iterable[End]) -> list[Sequence[str]]:
    """A heading and a row for each end."""
    return [HEADING, *(_row(end) for end in found)]


def _row(end: End) -> Sequence[str]:
    data = "online" if end.hosted else "local"
    cells = (end.subscription, end.what, end.subject or "-", str(end.day), str(end.days), data, end.detail or "-")
    return [visible(cell) for cell in cells]


def plain(found: Iterable[End]) -> list[dict[str, Any]]:
    """The ends as JSON data."""
    return [{**asdict(end), "day": end.day.isoformat()} for end in found]
