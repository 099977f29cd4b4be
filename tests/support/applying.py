"""Fixtures of the tests of apply."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from flexsync.errors import Block
from flexsync.plan.model import Trip
from flexsync.state import Person, Service
from flexsync.store.sql import Store
from flexsync.store.tables import account, invitation
from tests.support.stored import NOON, VAT


@pytest.fixture
def activated(store: Store) -> Callable[[Person], None]:
    """What the portal does when somebody follows an invitation and chooses a password."""

    def activate(person: Person) -> None:
        mine = account.c.key == person.key

        def change(connection) -> None:
            connection.execute(update(account).where(mine).values(password_hash="hash", password_set_at=NOON))
            number = connection.scalar(account.select().with_only_columns(account.c.id).where(mine))
            accept = update(invitation).where(invitation.c.account == number)
            connection.execute(accept.values(state="accepted", ended_at=NOON))

        store.write(change)

    return activate


@pytest.fixture
def waiting() -> Block:
    return Block("evidence", "the form has no sent_on date")


@pytest.fixture
def tripped() -> Trip:
    return Trip("deactivate", 4, 9, "1 or 25 %", "each")


@pytest.fixture
def vat() -> Service:
    return VAT
