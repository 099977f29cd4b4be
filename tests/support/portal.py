"""What people do in the portal: a State saved beside the files."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from flexsync.state import State
from flexsync.store.sql import Store
from flexsync.store.transaction import Saved

_NUMBERS = count(1)


def in_portal(store: Store, name: str, change: Callable[[State], State]) -> State:
    """Somebody changes a subscription in the portal; the State it then has."""
    run = store.begin_run("portal", actor="somebody")
    with store.transaction(name, run) as transaction:
        snapshot = transaction.snapshot()
        changed = change(snapshot.current)
        saved = Saved(changed, snapshot.applied, snapshot.facts, operation=f"portal-{next(_NUMBERS)}")
        transaction.save(saved)
    store.end_run(run, "done", {})
    return changed


def user_changed(key: str, **fields: object) -> Callable[[State], State]:
    """One user with other fields."""
    return lambda state: replace(state, users={**state.users, key: replace(state.users[key], **fields)})


def person_changed(key: str, **fields: object) -> Callable[[State], State]:
    """One user with another identity."""

    def change(state: State) -> State:
        user = state.users[key]
        return replace(state, users={**state.users, key: replace(user, person=replace(user.person, **fields))})

    return change
