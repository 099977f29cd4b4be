"""Plans for tests: a Desired with defaults, accounts and secrets that are plain dicts, and `make`."""

from dataclasses import dataclass, field, replace
from datetime import date

from hypothesis import strategies as st

from flexsync.address import email_key
from flexsync.apply.facts import facts_after
from flexsync.apply.shared import SETTING
from flexsync.desired.model import Desired, Path, Policy
from flexsync.errors import Where
from flexsync.plan.build import build
from flexsync.plan.model import Binding, Plan, Step, SubscriptionPlan
from flexsync.plan.notices import WELCOMES
from flexsync.plan.patch import patch
from flexsync.snapshot import Account, Invitation, Snapshot
from flexsync.state import ADMIN_KEY, Person, State, person_from
from tests.support.inviting import invited
from tests.support.states import AS_OF, CATALOGUE, departed, pairs

#: What may have become of somebody's invitation.
INVITED = (None, *(invited(state) for state in ("sent", "expired", "failed")), invited(attempt=3))


class Lines:
    """Places by a fixed rule: the line is ten times the depth."""

    def where(self, path: Path) -> Where:
        return Where("clients/dupont.yaml", 10 * len(path), 1 + len(".".join(str(part) for part in path)))

    def layer(self, path: Path) -> str:
        return "clients/dupont.yaml"


@dataclass
class Known:
    """Secrets by reference; one that is not here is missing. `fresh` are the references with a new value."""

    values: tuple[str, ...] = ("env:A", "env:B")
    fresh: tuple[str, ...] = ()

    def missing(self, reference: str) -> str:
        return "" if reference in self.values else f"{reference.partition(':')[2]} is not set"

    def changed(self, reference: str, fingerprint: str) -> bool:
        return reference in self.fresh


class Told:
    """Every shared password is there and never changes."""

    def missing(self, reference: str) -> str:
        return ""

    def changed(self, reference: str, seal: str) -> bool:
        return False

    def read(self, reference: str) -> str:
        return "correct horse"


def accounts(*persons: Person, active: bool = True, invitation: Invitation | None = None) -> dict[str, Account]:
    return {one.key: Account(one.key, one, active, invitation) for one in persons}


def wish(state: State, **fields: object) -> Desired:
    return replace(Desired(state, Policy(), Lines()), **fields)  # type: ignore[arg-type]


@dataclass
class Case:
    """Current and desired of one subscription, and what is known besides."""

    current: State | None
    desired: State | Desired
    applied: State | None = None
    facts: dict[str, str] = field(default_factory=dict)
    known: dict[str, Account] = field(default_factory=dict)
    secrets: Known = field(default_factory=Known)
    as_of: date = AS_OF

    @property
    def plan(self) -> SubscriptionPlan:
        desired = self.desired if isinstance(self.desired, Desired) else wish(self.desired)
        revision = 0 if self.current is None else 7
        applied = self.applied or self.current
        snapshot = Snapshot(desired.state.name, revision, self.current, applied, self.facts)
        return build(desired, snapshot, self.known, CATALOGUE, self.as_of, self.secrets)


def make(current: State | None, desired: State | Desired, **fields: object) -> SubscriptionPlan:
    return Case(current, desired, **fields).plan  # type: ignore[arg-type]


def whole(*plans: SubscriptionPlan, **fields: object) -> Plan:
    binding = Binding("store-1", AS_OF, "catalogue-1", "0.1")
    return replace(Plan(binding, plans, checked=len(plans)), **fields)  # type: ignore[arg-type]


def kinds(plan: SubscriptionPlan) -> list[str]:
    """Each step as `kind subject`, `?` before what waits and `!` before what is refused."""
    return [f"{_mark(step)}{step.change.kind} {step.change.subject}" for step in plan.steps]


def codes(plan: SubscriptionPlan, subject: str) -> list[str]:
    """The block codes of the steps about `subject`."""
    return [block.code for step in plan.steps if step.change.subject == subject for block in step.blocks]


def step(plan: SubscriptionPlan, kind: str) -> Step:
    """The one step of a kind."""
    (found,) = [each for each in plan.steps if each.change.kind == kind]
    return found


def _mark(step: Step) -> str:
    return "" if step.ready else "!" if step.refused else "?"


def persons_of(*states: State | None) -> list[Person]:
    """Everybody in the States, in a stable order."""
    found: dict[str, Person] = {}
    for each in states:
        for one in [*([each.admin.person] if each and each.admin else []), *_users(each)]:
            found.setdefault(one.key, one)
    return [found[key] for key in sorted(found)]


def _users(state: State | None) -> list[Person]:
    return [user.person for user in state.users.values() if user.person] if state else []


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A Case in which anything may have happened: drift, accounts elsewhere, evidence or secrets missing."""
    current, desired = draw(pairs())
    desired, moves = draw(renamed(current, desired))
    applied = draw(st.sampled_from([current, draw(drifted(current))])) if current else None
    known = {}
    for one in persons_of(current) + [p for p in persons_of(desired) if draw(st.booleans())]:
        known |= accounts(one, active=draw(st.booleans()), invitation=draw(st.sampled_from(INVITED)))
    return Case(
        current,
        wish(
            desired,
            policy=Policy(drift=draw(st.sampled_from(["report", "revert", "adopt"]))),
            missing={code: ("form",) for code, one in desired.services.items() if one.status == "pending"},
            moves=moves,
            settled=draw(st.sampled_from([frozenset(), frozenset(desired.users)])),
        ),
        applied,
        draw(facts_of(current)),
        known,
        Known(draw(st.sampled_from([(), ("env:A",), ("env:A", "env:B")])), draw(st.sampled_from([(), ("env:A",)]))),
    )


@st.composite
def renamed(draw: st.DrawFn, current: State | None, desired: State) -> tuple[State, dict[str, str]]:
    """Sometimes, a leaver of the desired State is in truth a newcomer under the old key."""
    old = [key for key in current.users if desired.users[key].status == "deactivated"] if current else []
    new = [key for key in desired.present if current and key not in current.users and key != ADMIN_KEY]
    if not old or not new or ADMIN_KEY in old or draw(st.booleans()):
        return desired, {}
    users = {key: user for key, user in desired.users.items() if key != old[0]}
    return replace(desired, users=users), {old[0]: new[0]}


@st.composite
def drifted(draw: st.DrawFn, current: State) -> State:
    """What the last apply wrote, when somebody used the portal since to make `current` of it."""
    users = dict(current.users)
    key = draw(st.sampled_from(sorted(users)))
    change = draw(st.sampled_from(["email", "gone", "back", "access"]))
    if change == "email" and users[key].person:
        users[key] = replace(users[key], person=replace(users[key].person, email="before@dupont.example"))
    elif change == "gone" and len(users) > 1:
        del users[key]
    elif change == "back":
        users[key] = departed(users[key])
    elif change == "access":
        users[key] = replace(users[key], access=())
    return replace(current, users=users)


@st.composite
def facts_of(draw: st.DrawFn, current: State | None) -> dict[str, str]:
    if current is None:
        return {}
    names = [f"product/{code}/hosted_since" for code, one in current.products.items() if one.data_mode == "hosted"]
    names += [f"dossier/{code}/A/changed_on" for code in current.products]
    facts = {name: draw(st.dates(date(2013, 1, 1), date(2013, 12, 31))).isoformat() for name in names}
    facts |= {f"service/{code}/secret": "fingerprint" for code in current.services if draw(st.booleans())}
    return facts


def applied_by(case: Case) -> Case:
    """The Case after apply did what its plan says."""
    plan = case.plan
    changes = [step.change for step in plan.ready]
    current = patch(case.current, changes)
    facts = case.facts
    if current is not None:
        facts = facts_after(plan, case.facts, case.as_of)
    known = {**accounts(*persons_of(current), active=False), **case.known}
    asked = [person_from(one.change.after["person"]) for one in plan.ready if one.kind.name == "admin.invite_successor"]
    known = {**accounts(*asked, active=False), **known, **_invited_again(plan, case.known)}
    applied = current if case.applied == case.current else case.applied
    told = {one.change.after.get("secret") for one in plan.ready if one.change.kind in SETTING}
    secrets = replace(case.secrets, fresh=tuple(one for one in case.secrets.fresh if one not in told))
    return replace(case, current=current, applied=applied, facts=facts, known=known, secrets=secrets)


def _invited_again(plan: SubscriptionPlan, known: dict[str, Account]) -> dict[str, Account]:
    """Those of the known accounts whom the ready steps invite, with an invitation that lives."""
    notices = [notice for one in plan.ready for notice in one.notices if notice.code in WELCOMES]
    keys = {email_key(notice.to) for notice in notices} & known.keys()
    return {key: replace(known[key], invitation=invited("planned")) for key in keys}
