"""Write a plan: everything that its ready steps bring into the store, whoever asked for them.

In: a locked subscription, its plan, and the name of the act. Out: rows of State, people, facts, passwords,
invitations, mails and journal. It must not decide whether the plan still holds; apply and the console do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flexsync.address import email_key
from flexsync.apply.details import Scene
from flexsync.apply.facts import IDENTIFIED, facts_after, given
from flexsync.apply.guards import refusals
from flexsync.apply.mails import PROPOSING, invited, mails, successor_of
from flexsync.apply.shared import Strongbox, shared
from flexsync.catalogue import Catalogue
from flexsync.errors import Refused
from flexsync.plan.change import Change
from flexsync.plan.model import SubscriptionPlan
from flexsync.snapshot import Account, Snapshot
from flexsync.state import State
from flexsync.store.transaction import Saved, Transaction


@dataclass(frozen=True, slots=True)
class Tools:
    """What apply needs beside plan and store: the box of shared passwords, and the day of the plan."""

    catalogue: Catalogue
    box: Strongbox
    as_of: date


@dataclass(frozen=True, slots=True)
class Act:
    """What a plan leads to: the State `after`, of which the files have brought about `applied`.

    `operation` names the act, once; `noted` are facts that the plan does not tell.
    """

    after: State
    applied: State
    operation: str
    noted: Mapping[str, str] = field(default_factory=dict)


def write(transaction: Transaction, snapshot: Snapshot, plan: SubscriptionPlan, act: Act, tools: Tools) -> str:
    """Write the ready steps of `plan`; what of a shared password was not kept, in words, empty when all is well.

    Raises Refused, with nothing written, when a guard says no to what is there under the lock.
    """
    changes = [step.change for step in plan.ready]
    accounts = transaction.accounts(_keys(plan))
    if found := refusals(snapshot.current, act.after, changes, snapshot.facts, accounts):
        raise Refused(" ".join(found))
    facts = {**facts_after(plan, snapshot.facts, tools.as_of), **act.noted}
    passwords = shared(changes, tools.box)
    saved = Saved(
        state=act.after,
        applied=act.applied,
        facts=given(facts, _identifiers(transaction, changes, tools), passwords.sealed),
        operation=act.operation,
        steps=[step.entry for step in plan.ready],
        plan_digest=transaction.run.plan_digest,
        next_due=plan.next_due,
        successor=successor_of(plan.ready),
    )
    _save(transaction, plan, saved, Scene(snapshot.current, act.after, saved.facts, tools.as_of), accounts)
    transaction.keep(passwords.kept, passwords.gone)
    return passwords.unkept


def _save(
    transaction: Transaction,
    plan: SubscriptionPlan,
    saved: Saved,
    scene: Scene,
    accounts: Mapping[str, Account],
) -> None:
    changes = [step.change for step in plan.ready]
    created = transaction.save(saved)
    asked = invited(plan.ready, saved.state) if plan.invites else {}
    invitations = transaction.invite(asked, plan.invitation_days)
    transaction.revoke(_proposed_again(changes), "confirm_email")
    known = {key: account for key, account in accounts.items() if key not in created}
    transaction.enqueue(mails(plan.ready, scene, known, invitations))


def _keys(plan: SubscriptionPlan) -> list[str]:
    """Keys of the accounts that the ready steps are about, or tell something."""
    keys = {email_key(notice.to) for step in plan.ready for notice in step.notices}
    changes = [step.change for step in plan.ready]
    keys |= {email_key(change.before) for change in changes if change.kind.endswith(".change_email")}
    keys |= {email_key(change.after["person"]["email"]) for change in changes if change.kind == "admin.replace"}
    return sorted(keys)


def _identifiers(transaction: Transaction, changes: Sequence[Change], tools: Tools) -> dict[str, str]:
    """Identifiers of the services that get one, by code."""
    named = sorted({change.parts[1] for change in changes if change.kind in IDENTIFIED})
    return transaction.identifiers(named, tools.box.chance)


def _proposed_again(changes: Sequence[Change]) -> list[str]:
    """Keys of accounts whose new address is another one, or none: an earlier proposal's link must die."""
    proposed = [email_key(change.before) for change in changes if change.kind in PROPOSING]
    return proposed + [email_key(change.after) for change in changes if change.kind.endswith("withdraw_email")]
