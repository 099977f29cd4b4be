"""An act that leaves the State of a subscription as it is, and tells one person by mail.

In: an open store, who acts, and what to do under the lock. Out: a Told. All of it is written, or none: the
run, the journal, what the act itself changes, and the mail. The revision goes up, so that the journal has
its place for the act and the mail its own dedup key; a plan that was saved before is made again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flexsync.address import email_key
from flexsync.apply.details import Scene
from flexsync.apply.mails import mails
from flexsync.clock import PARIS
from flexsync.errors import Refused, StoreUnavailable, WrongCommand
from flexsync.plan.change import Change
from flexsync.plan.model import Notice, Step
from flexsync.snapshot import ADMIN_SUCCESSOR, Account, Invitation, Snapshot
from flexsync.state import ADMIN_KEY, Person, State, digest
from flexsync.store.base import Run
from flexsync.store.sql import Store, retried
from flexsync.store.transaction import Transaction
from flexsync.text import did_you_mean, visible


@dataclass(frozen=True, slots=True)
class Told:
    """An act that was done: its run, the revision it left, and the address that the mail goes to."""

    run: str
    revision: int
    recipient: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Who an act is about: a key of the subscription whose State it is, and the account behind it."""

    state: State
    facts: Mapping[str, str]
    key: str
    account: Account

    @property
    def name(self) -> str:
        """What to call the subject in a message."""
        return visible(self.key)

    @property
    def path(self) -> str:
        """The subject of changes."""
        return "admin" if self.key == ADMIN_KEY else f"user/{self.key}"

    @property
    def person(self) -> Person:
        """Whom the account belongs to."""
        return self.account.person

    @property
    def invitation(self) -> Invitation | None:
        """The newest invitation; None of somebody with a password, or who was never invited."""
        return self.account.invitation


Act = Callable[[Transaction, Subject], Told]


def done(store: Store, command: str, name: str, key: str, actor: str, act: Act, *, asked: bool = False) -> Told:
    """Do `act` for `key` of the subscription `name`, in a run of its own.

    `admin` is the administrator; where those who are `asked` count, a successor who did not accept yet.
    Raises WrongCommand when there is nobody of that name, Refused when a guard says no, LockHeld while
    another run works on the subscription; in all these cases nothing of the act is written.
    """
    known = store.snapshots([name])
    if name not in known:
        near = did_you_mean(name, store.open_names())
        raise WrongCommand(f'The store has no subscription "{visible(name)}".{near}')
    _address(known[name], key, asked)
    run = store.begin_run(command, actor=actor)
    try:
        store.lease([name], run)
        told = retried(lambda: _in_transaction(store, name, key, run, act, asked))
    except Refused:
        store.end_run(run, "refused", {"refused": 1})
        raise
    except BaseException:
        store.end_run(run, "failed", {"failed": 1})
        raise
    store.end_run(run, "done", {"applied": 1})
    return told


def _in_transaction(store: Store, name: str, key: str, run: Run, act: Act, asked: bool) -> Told:
    with store.transaction(name, run) as transaction:
        transaction.fence()
        snapshot = transaction.snapshot()
        address = email_key(_address(snapshot, key, asked))
        account = transaction.accounts([address]).get(address)
        if account is None or snapshot.current is None:
            raise StoreUnavailable(f"{visible(name)} has no account of {visible(key)}. Run `flexsync store check`.")
        return act(transaction, Subject(snapshot.current, snapshot.facts, key, account))


def _address(snapshot: Snapshot, key: str, asked: bool) -> str:
    """The address of `key`; raises WrongCommand when nobody is called so, Refused when subscription or seat ended."""
    state = snapshot.current
    if state is None:
        raise StoreUnavailable(f"{visible(snapshot.name)} has no state. Run `flexsync store check`.")
    if state.status == "closed":
        raise Refused(f"{visible(state.name)} is closed; nobody is mailed any more.")
    if key == ADMIN_KEY and state.admin:
        return (snapshot.facts.get(ADMIN_SUCCESSOR) if asked else "") or state.admin.person.email
    user = state.users.get(key)
    if user is None:
        raise WrongCommand(f'{visible(state.name)} has no user "{visible(key)}".{did_you_mean(key, list(state.users))}')
    if user.status != "present" or user.person is None:
        raise Refused(f"{visible(key)} is {user.status} in {visible(state.name)}; declare the user again first.")
    return user.person.email


def tell(
    transaction: Transaction,
    subject: Subject,
    code: str,
    changes: Sequence[Change],
    write: Callable[[], Mapping[str, int]] = dict,
) -> Told:
    """Journal `changes`, do what `write` does, and queue the notice `code` of them.

    `write` is called when the journal is written, and answers new invitations by account key.
    """
    notice = Notice(code, subject.person.email, subject.person.language)
    steps = [Step(change, notices=(notice,)) for change in changes]
    transaction.note([step.entry for step in steps], digest(["act", transaction.name, transaction.run.id]))
    known = {subject.account.key: subject.account}
    scene = Scene(subject.state, subject.state, subject.facts, transaction.now.astimezone(PARIS).date())
    transaction.enqueue(mails(steps, scene, known, write()))
    return Told(transaction.run.id, transaction.revision, subject.person.email)
