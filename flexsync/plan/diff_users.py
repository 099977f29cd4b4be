"""The people half of `diff`: administrator, users, access."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from flexsync.plan.change import Change
from flexsync.state import ADMIN_KEY, Admin, Person, User, to_plain


def same_address(one: Person, other: Person) -> bool:
    """True when both log in with the same address."""
    return one.key == other.key


def same_names(one: Person, other: Person) -> bool:
    """True when given and family name are equal but for case."""
    return one.name.casefold() == other.name.casefold()


def seat_follows(users: Mapping[str, User], admin: Admin | None) -> Mapping[str, User]:
    """`users` with the administrator's own seat, if there is one, given to `admin`."""
    seat = users.get(ADMIN_KEY)
    if admin is None or seat is None or seat.status != "present":
        return users
    return {**users, ADMIN_KEY: replace(seat, person=admin.person)}


def admin_changes(before: Admin | None, after: Admin | None) -> Iterator[Change]:
    """What happens to the administrator; the seat under `admin` follows the same person."""
    if after is None or before == after:
        return
    if before is None:
        yield Change("admin.create", "admin", None, to_plain(after))
        return
    if not same_address(before.person, after.person) and not same_names(before.person, after.person):
        yield Change("admin.replace", "admin", to_plain(before), to_plain(after))
        return
    moved = replace(after, person=replace(after.person, email=before.person.email))
    if before != moved:
        yield Change("admin.update", "admin", to_plain(before), to_plain(moved))
    if moved != after:
        yield Change("admin.change_email", "admin", before.person.email, after.person.email)


def user_changes(current: Mapping[str, User], desired: Mapping[str, User]) -> Iterator[Change]:
    """What happens to the users, key by key."""
    for key in sorted(current.keys() | desired.keys()):
        before, after = current.get(key), desired.get(key)
        if after is None or before == after:
            continue
        yield from _arrival(key, after) if before is None else _one_user(key, before, after)


def _arrival(key: str, after: User) -> Iterator[Change]:
    if after.status == "present":
        yield Change("user.create", f"user/{key}", None, to_plain(replace(after, access=())))
        yield from _access(key, (), after.access)


def _one_user(key: str, before: User, after: User) -> Iterator[Change]:
    subject = f"user/{key}"
    if after.status == "present" and before.status != "present":
        yield Change("user.reactivate", subject, to_plain(before), to_plain(replace(after, access=())))
        yield from _access(key, (), after.access)
    elif after.status == "deleted":
        yield from _deletion(subject, before, after)
    elif before.status == "present" and after.status == "deactivated":
        yield Change("user.deactivate", subject, to_plain(before), to_plain(after))
    else:
        yield from _edits(key, before, after)


def _deletion(subject: str, before: User, after: User) -> Iterator[Change]:
    gone = replace(before, status="deactivated", access=())
    if before.status == "present":
        yield Change("user.deactivate", subject, to_plain(before), to_plain(gone))
    yield Change("user.delete", subject, to_plain(gone), to_plain(after))


def _edits(key: str, before: User, after: User) -> Iterator[Change]:
    subject = f"user/{key}"
    if before.person is not None and after.person is not None:
        yield from _identity(subject, before.person, after.person)
    days = [{"starts_on": to_plain(u.starts_on), "ends_on": to_plain(u.ends_on)} for u in (before, after)]
    if days[0] != days[1]:
        yield Change("user.schedule", subject, *days)
    if before.hosted_opt_out != after.hosted_opt_out:
        kind = "hosted_opt_out.set" if after.hosted_opt_out else "hosted_opt_out.clear"
        yield Change(kind, subject, before.hosted_opt_out, after.hosted_opt_out)
    yield from _access(key, before.access, after.access)


def _identity(subject: str, before: Person, after: Person) -> Iterator[Change]:
    renamed = replace(after, email=before.email)
    if before != renamed:
        yield Change("user.update", subject, to_plain(before), to_plain(renamed))
    if renamed != after:
        yield Change("user.change_email", subject, before.email, after.email)


def _access(key: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Change]:
    for product in sorted(set(before) - set(after)):
        yield Change("access.revoke", f"access/{key}/{product}", True, False)
    for product in sorted(set(after) - set(before)):
        yield Change("access.grant", f"access/{key}/{product}", False, True)
