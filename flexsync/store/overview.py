"""The whole fleet at a glance, asked in sets: no body is read, however many subscriptions there are.

In: a connection, and what is looked for. Out: counts, and pages of rows. It must change nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select

from flexsync.store.base import OutboxRow, Run
from flexsync.store.invited import LIVE
from flexsync.store.reading import mail_of
from flexsync.store.rows import AnyRow, AnySelect, load, run_of
from flexsync.store.runs import did_something
from flexsync.store.shared import DISCLOSURES, Disclosure
from flexsync.store.tables import account, invitation, journal, outbox, run, seat, subscription
from flexsync.store.tables_portal import disclosure, listing

#: Days ahead within which an end is near.
NEAR = timedelta(days=30)
#: Rows on one page.
PAGE = 50
#: Which subscriptions are listed.
SHOWN = ("", "drift", "ending", "closed")
MAIL_STATES = ("queued", "sending", "sent", "held", "dead", "cancelled")
INVITED = ("waiting", "expired", "failed")
Show = Literal["", "drift", "ending", "closed"]
T = TypeVar("T")
_NAME: ColumnElement[str] = account.c.given_name + " " + account.c.family_name


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of what was looked for; `number` counts from 1, `total` is the number of all rows."""

    rows: Sequence[T]
    number: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of the fleet. `invitations` is by INVITED, `mails` by state; missing keys are 0."""

    open: int
    closed: int
    drifting: int
    ending: int
    invitations: Mapping[str, int]
    mails: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Listed:
    """A subscription as the list of the fleet shows it; `drifts` when somebody used the portal since the last apply."""

    name: str
    customer_code: str
    legal_name: str
    status: str
    drifts: bool
    ends_on: date | None
    admin: str


@dataclass(frozen=True, slots=True)
class Invited:
    """The newest invitation of somebody without a password; `state` is one of INVITED."""

    subscription: str
    key: str
    name: str
    email: str
    state: str
    sent_at: datetime | None
    expires_at: datetime


def overview(connection: Connection, today: date, now: datetime) -> Overview:
    """The fleet in numbers."""
    states = dict(_counted(connection, select(subscription.c.status, func.count()).group_by(subscription.c.status)))
    mails = dict(_counted(connection, select(outbox.c.state, func.count()).group_by(outbox.c.state)))
    state = _invitation_state(now)
    invited = _counted(connection, _invited(select(state, func.count())).group_by(state))
    return Overview(
        open=states.get("open", 0),
        closed=states.get("closed", 0),
        drifting=_total(connection, _subscriptions("", "drift", today)),
        ending=_total(connection, _subscriptions("", "ending", today)),
        invitations=dict(invited),
        mails=mails,
    )


def _counted(connection: Connection, query: AnySelect) -> list[tuple[str, int]]:
    return [(str(name), int(count)) for name, count in connection.execute(query)]


def _total(connection: Connection, query: AnySelect) -> int:
    return connection.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def subscriptions(connection: Connection, text: str, show: str, today: date, number: int) -> Page[Listed]:
    """Subscriptions by name: those that `text` is part of the name, customer or people of, and that `show` names."""
    query = _subscriptions(text.strip(), show, today)
    return _page(connection, query.order_by(subscription.c.name), number, lambda row: Listed(*row))


def _subscriptions(text: str, show: str, today: date) -> AnySelect:
    drifts = subscription.c.digest != subscription.c.applied_digest
    open_ones = subscription.c.status == "open"
    near = listing.c.ends_on.between(today, today + NEAR)
    columns: tuple[Any, ...] = (
        subscription.c.name,
        listing.c.customer_code,
        listing.c.legal_name,
        subscription.c.status,
        drifts.label("drifts"),
        listing.c.ends_on,
        func.coalesce(account.c.email, "").label("admin"),
    )
    query = select(*columns).join(listing, listing.c.subscription == subscription.c.name)
    query = query.join(account, account.c.id == subscription.c.admin, isouter=True)
    wanted = {
        "drift": and_(open_ones, drifts),
        "ending": and_(open_ones, near),
        "closed": subscription.c.status == "closed",
    }
    query = query.where(wanted[show]) if show in wanted else query
    return query.where(_named(text)) if text else query


def _named(text: str) -> ColumnElement[bool]:
    """True of a subscription that `text` is part of the name of, of its customer, or of somebody in it."""
    # Looked for once, however often it is used.
    them = or_(_holds(account.c.email, text), _holds(_NAME, text))
    people = select(account.c.id).where(them).cte("people")
    seats = select(seat.c.subscription).where(seat.c.account.in_(select(people.c.id)))
    own = [_holds(column, text) for column in (subscription.c.name, listing.c.customer_code, listing.c.legal_name)]
    return or_(*own, subscription.c.name.in_(seats), subscription.c.admin.in_(select(people.c.id)))


#: Latin, Greek and Cyrillic beyond ASCII: `lower` knows them on SQLite never, on PostgreSQL if its locale does.
_CAPITALS = "".join(one for one in map(chr, range(0x80, 0x530)) if one != one.lower() and len(one.lower()) == 1)


def _holds(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """True where `text` is part of a column, in whatever case."""
    folded = func.translate(func.lower(column), _CAPITALS, _CAPITALS.lower())
    return folded.contains(text.lower(), autoescape=True)


def _page(connection: Connection, query: AnySelect, number: int, made: Any) -> Page[Any]:
    """The page of that number, or the last one."""
    total = _total(connection, query)
    number = min(max(1, number), max(1, -(-total // PAGE)))
    rows = connection.execute(query.limit(PAGE).offset((number - 1) * PAGE))
    return Page([made(row) for row in rows], number, total)


def invitations(connection: Connection, state: str, now: datetime, number: int) -> Page[Invited]:
    """Invitations that were not followed, those that end first at the top."""
    known = _invitation_state(now)
    columns: tuple[Any, ...] = (
        invitation.c.subscription,
        invitation.c.key,
        _NAME.label("name"),
        account.c.email,
        known.label("state"),
        invitation.c.sent_at,
        invitation.c.expires_at,
    )
    query = _invited(select(*columns))
    query = query.where(known == state) if state in INVITED else query
    return _page(
        connection, query.order_by(invitation.c.expires_at, invitation.c.id), number, lambda row: Invited(*row)
    )


def _invited(query: AnySelect) -> AnySelect:
    """`query` over the newest invitation of each account without a password, unless it was taken back."""
    later = invitation.alias("later")
    newest = ~exists().where(later.c.account == invitation.c.account, later.c.id > invitation.c.id)
    asked = query.select_from(invitation).join(account, account.c.id == invitation.c.account)
    live = invitation.c.state.in_((*LIVE, "expired"))
    return asked.where(account.c.password_set_at.is_(None), newest, live)


def _invitation_state(now: datetime) -> ColumnElement[str]:
    lost = select(outbox.c.invitation).where(outbox.c.state == "dead", outbox.c.invitation.is_not(None))
    dead = invitation.c.id.in_(lost)
    late = or_(invitation.c.state == "expired", invitation.c.expires_at <= now)
    return case((and_(invitation.c.state == "planned", dead), "failed"), (late, "expired"), else_="waiting")


def mails(connection: Connection, state: str, text: str, number: int) -> Page[OutboxRow]:
    """Mails, newest first: all of them, or those of one state, recipient or subscription."""
    query = select(outbox).order_by(outbox.c.id.desc())
    query = query.where(outbox.c.state == state) if state in MAIL_STATES else query
    wanted = text.strip()
    if wanted:
        query = query.where(or_(_holds(outbox.c.recipient, wanted), _holds(outbox.c.subscription, wanted)))
    return _page(connection, query, number, mail_of)


def runs(connection: Connection, number: int) -> Page[Run]:
    """Runs, newest first."""
    newest = select(run).where(did_something()).order_by(run.c.started_at.desc(), run.c.id)
    return _page(connection, newest, number, run_of)


def disclosures(connection: Connection, number: int) -> Page[Disclosure]:
    """Who was shown what, newest first."""
    return _page(connection, DISCLOSURES.order_by(disclosure.c.id.desc()), number, lambda row: Disclosure(*row))


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal: which steps, of which kind and about what; no before-image, no value."""

    subscription: str
    revision: int
    run: str
    at: datetime
    actor: str
    steps: tuple[tuple[str, str], ...]


def entries(connection: Connection, *, run_id: str = "", name: str = "", number: int = 1) -> Page[Entry]:
    """The journal of one run, in order, or of one subscription, newest first."""
    columns = (
        journal.c.subscription,
        journal.c.revision,
        journal.c.run,
        journal.c.at,
        journal.c.actor,
        journal.c.steps,
    )
    query = select(*columns)
    if run_id:
        query = query.where(journal.c.run == run_id).order_by(journal.c.id)
    else:
        query = query.where(journal.c.subscription == name).order_by(journal.c.id.desc())
    return _page(connection, query, number, _entry)


def _entry(row: AnyRow) -> Entry:
    steps = tuple((str(step["kind"]), str(step["subject"])) for step in load(row.steps))
    return Entry(row.subscription, row.revision, row.run, row.at, row.actor, steps)


def one_run(connection: Connection, run_id: str) -> Run | None:
    """The run of that id."""
    row = connection.execute(select(run).where(run.c.id == run_id)).first()
    return run_of(row) if row else None


def one_mail(connection: Connection, number: int) -> OutboxRow | None:
    """The mail of that number."""
    row = connection.execute(select(outbox).where(outbox.c.id == number)).first()
    return mail_of(row) if row else None
