"""Reminders: mails that time causes, not a change. An end that is near (N13), a version that came out (N15).

In: an open store, the catalogue, a day. Out: rows in the outbox, each queued once in the life of the store, so
that this can be asked as often as one likes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from flexsync.apply.mails import payload
from flexsync.catalogue import Catalogue, Release
from flexsync.clock import PARIS
from flexsync.state import Person, State, User
from flexsync.store.queue import Mail, Reminder, enqueue_once, unknown
from flexsync.store.runs import was_done
from flexsync.workflow.status import all_statuses, state_of

if TYPE_CHECKING:
    from flexsync.store.base import Run, Status
    from flexsync.store.sql import Store

#: Days before an end on which the administrator is told; who missed the first day is told on the next.
BEFORE = (30, 7)
#: How long a version is news after it came out.
NEWS = timedelta(days=30)
#: Subscriptions that are looked at in one go.
_PORTION = 250


def remind(store: "Store", catalogue: Catalogue, as_of: date, *, actor: str) -> int:
    """Queue, as one run, what is due on `as_of` and was not queued before; the number of mails.

    A portion of the subscriptions is read at a time; mails leave when the run is over.
    """
    run, queued = store.begin_run("remind", actor=actor), 0
    statuses = all_statuses(store)
    while portion := list(islice(statuses, _PORTION)):
        queued += _queue(store, run, [one for status in portion for one in reminders(status, catalogue, as_of)])
    store.end_run(run, "done", {"queued": queued})
    return queued


def _queue(store: "Store", run: "Run", due: Sequence[Reminder]) -> int:
    new = store.read(lambda connection: unknown(connection, due))
    return store.write(lambda connection: enqueue_once(connection, run.id, new, store.clock.now())) if new else 0


def were_sought(store: "Store", day: date) -> bool:
    """True when the reminders of a day were looked for on that day."""
    since = datetime.combine(day, time(), PARIS)
    return store.read(lambda connection: was_done(connection, "remind", since))


def reminders(status: "Status", catalogue: Catalogue, as_of: date) -> Iterator[Reminder]:
    """All that people of one subscription are to be reminded of on a day. Only who can sign in is."""
    state = state_of(status)
    if state.status == "closed":
        return
    if state.admin and status.is_active(state.admin.person):
        yield from _ends(state, state.admin.person, as_of)
    for key, user in sorted(state.present.items()):
        if user.person and status.is_active(user.person):
            yield from _releases(state, key, user, user.person, catalogue, as_of)


def _ends(state: State, admin: Person, as_of: date) -> Iterator[Reminder]:
    ends = {"subscription": state.ends_on}
    ends |= {f"service/{code}": service.ends_on for code, service in state.services.items() if service.status != "off"}
    hosted = sorted(code for code, product in state.products.items() if product.data_mode == "hosted")
    for subject, day in sorted(ends.items()):
        left = (day - as_of).days if day else -1
        notice = min((days for days in BEFORE if 0 <= left <= days), default=0)
        if day and notice:
            more = {"days": left, "hosted": hosted if subject == "subscription" else []}
            change = {"code": "N13", "kind": "expiring", "subject": subject, "after": day.isoformat(), **more}
            yield _reminder(f"N13/{subject}/{day}/{notice}", state, admin, change)


def _releases(
    state: State, key: str, user: User, person: Person, catalogue: Catalogue, as_of: date
) -> Iterator[Reminder]:
    for code in _software(state, key, user, catalogue):
        newest = catalogue.latest(code)
        if newest and _is_news(newest, as_of):
            change = {"code": "N15", "kind": "release.notice", "subject": f"product/{code}", "after": newest.version}
            yield _reminder(f"N15/{code}/{newest.version}", state, person, change)


def _software(state: State, key: str, user: User, catalogue: Catalogue) -> list[str]:
    """The products that a user opens, and the tools of the services whose password the user reads."""
    services = [code for code, service in state.services.items() if service.status == "active"]
    mine = [code for code in services if key in state.services[code].recipients and code in catalogue.services]
    return sorted({*user.access, *(tool for code in mine if (tool := catalogue.services[code].tool))})


def _is_news(release: Release, as_of: date) -> bool:
    return release.published_on is not None and release.published_on <= as_of <= release.published_on + NEWS


def _reminder(name: str, state: State, person: Person, change: Mapping[str, object]) -> Reminder:
    mail = Mail(
        recipient=person.email,
        key=person.key,
        language=person.language,
        codes=[str(change["code"])],
        payload=payload(state, person, [change]),
    )
    return Reminder(name, state.name, mail)
