"""Rules about seats: who occupies them, today and later."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from flexsync.desired.case import Case, some
from flexsync.desired.spec_people import UserEntry
from flexsync.errors import Problem
from flexsync.state import ADMIN_KEY
from flexsync.text import count


def first_user(case: Case) -> Iterator[Problem]:
    """The first user account is mandatory (guide, activation mail and step 2)."""
    if case.manages_users and not case.seats:
        text = (
            f"no user account on {case.as_of}. The first one is mandatory to activate the software: "
            "add a user or set admin.also_user: true."
        )
        yield case.error("first-user", ("users",), text)


def enough_seats(case: Case) -> Iterator[Problem]:
    """Occupied seats do not exceed those of the subscription (guide, step 2)."""
    seats = case.spec.seats
    if seats is None or len(case.seats) <= seats:
        return
    over = len(case.seats) - seats
    text = (
        f"{count(len(case.seats), 'account')} for {count(seats, 'seat')}. Remove {over}, give {over} an ends_on, "
        f"or buy seats first. Seats used by: {some(case.seats)}."
    )
    beyond = list(case.seats)[seats]
    yield case.error("seats", ("admin",) if beyond == ADMIN_KEY else ("users", beyond), text)


def enough_seats_later(case: Case) -> Iterator[Problem]:
    """Warns of the first later day on which declared dates need more seats than there are."""
    seats = case.spec.seats
    if seats is None or len(case.seats) > seats:
        return
    occupied = len(case.seats)
    moves = _moves(case)
    for day in sorted(moves):
        occupied += moves[day]
        if occupied > seats:
            needed = f"{count(occupied, 'account')} for {count(seats, 'seat')} from {day}"
            text = f"{needed}. Plan for an ends_on or a further seat."
            yield case.warning("seats-later", ("users", _first_on(case, day)), text)
            return


def _moves(case: Case) -> Counter[date]:
    """By later day, how many seats more or less are occupied from it on."""
    moves: Counter[date] = Counter()
    for user in case.users.values():
        if _is_over(user, case.as_of):
            continue
        if user.starts_on is not None and user.starts_on > case.as_of:
            moves[user.starts_on] += 1
        if user.ends_on is not None and user.ends_on < date.max:
            moves[user.ends_on + timedelta(days=1)] -= 1
    return moves


def _is_over(user: UserEntry, as_of: date) -> bool:
    """Past its last day, or never there at all because the dates are the wrong way round."""
    ends_on = user.ends_on or date.max
    return ends_on < as_of or ends_on < (user.starts_on or date.min)


def _first_on(case: Case, day: date) -> str:
    return next(key for key, user in case.users.items() if user.starts_on == day)


def product_seats(case: Case) -> Iterator[Problem]:
    """A product's own cap, where it has one, holds for the users who open it."""
    for code, product in case.products.items():
        users = [key for key, access in case.seats.items() if code in access] if product.seats else []
        if product.seats is not None and len(users) > product.seats:
            text = f"{product.seats} but {count(len(users), 'user')} open {code}: {some(users)}."
            yield case.error("product-seats", ("products", code, "seats"), text)
