"""A change that somebody makes beside the files: drift by design, journalled and told like any other.

In: a locked subscription and the State it is to have. Out: rows. What the files brought about (`applied`) stays
as it is, so that the next plan shows what the person did.
"""

from collections.abc import Mapping, Sequence

from flexsync.acts.site import Site
from flexsync.address import email_key
from flexsync.apply.details import Scene
from flexsync.apply.mails import mails
from flexsync.clock import today
from flexsync.plan.change import Change
from flexsync.plan.diff import diff
from flexsync.plan.model import Step
from flexsync.plan.notices import notices
from flexsync.snapshot import Snapshot
from flexsync.state import State, digest
from flexsync.store.transaction import Saved, Transaction


def drift(
    site: Site,
    transaction: Transaction,
    snapshot: Snapshot,
    after: State,
    facts: Mapping[str, str] | None = None,
    proposed: Sequence[Change] = (),
    untold: str = "",
) -> bool:
    """Save `after` and `facts`, and queue the mails; False, and nothing, when that changes nothing.

    `proposed` are changes that wait for an answer, and so are not in `after`; the account `untold` gets no mail.
    """
    before = snapshot.current
    new = snapshot.facts if facts is None else facts
    if before is None or (before == after and new == snapshot.facts):
        return False
    steps = [_step(change, before, after) for change in (*diff(before, after, site.catalogue.ranks), *proposed)]
    saved = Saved(
        after,
        snapshot.applied or before,
        new,
        operation=digest(["portal", snapshot.name, transaction.run.id]),
        steps=[step.entry for step in steps],
        next_due=transaction.next_due,
    )
    transaction.accounts(sorted({email_key(notice.to) for step in steps for notice in step.notices}))
    transaction.save(saved)
    scene = Scene(before, after, new, today(site.clock))
    transaction.enqueue([mail for mail in mails(steps, scene, {}, {}) if mail.key != untold])
    return True


def _step(change: Change, before: State, after: State) -> Step:
    return Step(change, "drift", notices=notices(change, before, after, active=True))
