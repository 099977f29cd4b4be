"""Laws of undo over random changes of files in odd styles, applied and taken back on a real store."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from flexsync.clock import FixedClock
from flexsync.plan.limits import planned
from flexsync.plan.model import Plan, Step
from flexsync.snapshot import Snapshot
from flexsync.state import State, digest, to_plain
from flexsync.store.base import Head
from flexsync.store.sql import open_store
from flexsync.workflow.adopting import adopt
from flexsync.workflow.applying import Mandate, apply
from flexsync.workflow.desk import Desk, Order, open_desk
from flexsync.workflow.looking import find
from flexsync.workflow.planning import plan
from flexsync.workflow.proving import write_back
from flexsync.workflow.single import resolved
from flexsync.workflow.undo_files import WayBack, files_first, way_back
from tests.support.law_files import AS_OF, ENDS, LAYOUTS, drifted
from tests.support.plans import Told
from tests.support.portal import in_portal
from tests.support.stored import NOON

NAME = "atelier"
laws = settings(max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Shelf:
    """A store with one subscription, in memory."""

    snapshot: Snapshot

    def heads(self):
        current, applied = (digest(to_plain(one)) for one in (self.snapshot.current, self.snapshot.applied))
        return iter([Head(NAME, 2, current, applied, "open", "", None)])

    def snapshots(self, names):
        return {NAME: self.snapshot}


class World:
    """The files of one subscription and a store, fresh for each example."""

    def __init__(self, root: Path, url: str, layout: str, ends: str) -> None:
        self.root, self.url, self.clock = root, url, FixedClock(NOON)
        for name, text in LAYOUTS[layout].items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(ENDS[ends](text))

    def desk(self, acks: dict[str, int] | None = None) -> Desk:
        return open_desk(Order(str(self.root), self.url, AS_OF, acks=acks or {}), self.clock)

    def opened(self):
        return open_store(self.url, create=False, clock=self.clock)

    @property
    def snapshot(self) -> Snapshot:
        with self.opened() as store:
            return store.snapshots([NAME])[NAME]

    def asked(self, snapshot: Snapshot) -> State:
        """What the files ask for."""
        desk = self.desk()
        return resolved(find(desk, NAME), desk.fleet, snapshot, AS_OF).state

    def files_say(self, state: State) -> None:
        """Edit the files so that they ask for `state`."""
        asked = self.asked(Snapshot(NAME))
        desk = self.desk()
        write_back(desk, adopt(desk, Shelf(Snapshot(NAME, 2, state, asked))))

    def texts(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.root.rglob("*.*") if path.is_file()}

    def plan(self) -> Plan:
        with self.opened() as store:
            return plan(self.desk(), store, Told())

    def steps(self) -> set[tuple[str, str]]:
        """What the files and the store disagree on; a password that somebody was told has to be another one since."""
        return _told(self.plan().steps)

    def apply(self) -> str:
        """Plan, acknowledge all that limits ask about, and apply; the id of the run."""
        acks = planned(self.plan().subscriptions)
        desk = self.desk(dict(acks))
        with self.opened() as store:
            made = plan(desk, store, Told())
        return apply(desk, made, Told(), self.clock, Mandate("claire")).report.run.id

    def way_back(self, run: str, *, keep_files: bool = False) -> tuple[Desk, WayBack]:
        with self.opened() as store:
            first = way_back(self.desk(), store, run, Told(), ())
            steps = [step for one in first.undone.plan.subscriptions for step in one.ready]
            acks = {**planned(first.undone.plan.subscriptions), "undo": len(steps)}
            desk = self.desk(acks)
            return desk, way_back(desk, store, run, Told(), (), keep_files=keep_files)

    def undo(self, run: str, *, keep_files: bool = False) -> WayBack:
        """Take back a run, in the store and in the files."""
        desk, way = self.way_back(run, keep_files=keep_files)
        mandate = Mandate("claire", command=f"undo {run}")
        if not way.undone.conflicts:
            files_first(desk, way.written, lambda: apply(desk, way.undone.plan, Told(), self.clock, mandate))
        return way


def _told(steps: Iterable[Step]) -> set[tuple[str, str]]:
    return {(one.change.kind, one.change.subject) for one in steps if one.change.kind != "service.rotate_password"}


@pytest.fixture(params=["sqlite", "postgresql"])
def worlds(request, tmp_path_factory):
    again = request.getfixturevalue(f"{request.param}_again")
    return lambda layout, ends: World(tmp_path_factory.mktemp("files"), again(), layout, ends)


def without_seats(state: State, was: State) -> State:
    """What undo leaves of `state`: somebody who was invited stays known, without a seat."""
    came = {key: replace(one, status="deactivated", access=()) for key, one in state.users.items()}
    return replace(was, users=dict(sorted({**came, **was.users}.items())))


@pytest.mark.parametrize(
    ("layout", "worlds"),
    # No layout is the store's concern.
    [*((layout, "sqlite") for layout in sorted(LAYOUTS)), ("client file", "postgresql")],
    indirect=["worlds"],
)
@laws
@given(data=st.data())
def test_a_run_and_its_undo_leave_the_store_and_the_plan_as_they_were(worlds, layout, data):
    world = worlds(layout, data.draw(st.sampled_from(sorted(ENDS))))
    world.apply()
    was = world.snapshot.current
    world.files_say(data.draw(drifted(was)))
    run = world.apply()
    made = world.snapshot.current
    pending = world.steps()
    way = world.undo(run)
    assert (way.undone.conflicts, way.edit.left) == ({}, ())
    held = [step for one in way.undone.plan.subscriptions for step in one.steps if not step.ready]
    if not held:
        assert world.snapshot.current == world.snapshot.applied == without_seats(made, was)
    assert world.steps() == pending


@laws
@given(data=st.data())
def test_without_the_edit_the_files_ask_for_the_run_again_and_get_it(worlds, data):
    world = worlds("one file", "as written")
    world.apply()
    world.files_say(data.draw(drifted(world.snapshot.current)))
    run = world.apply()
    made = world.snapshot.current
    way = world.undo(run, keep_files=True)
    assert world.steps() == _told(step for _, step in way.again)
    world.apply()
    assert world.snapshot.current == made


@laws
@given(data=st.data())
def test_what_the_portal_did_since_is_in_the_way_or_stays(worlds, data):
    world = worlds("client file", "as written")
    world.apply()
    was = world.snapshot.current
    world.files_say(data.draw(drifted(was)))
    run = world.apply()
    with world.opened() as store:
        in_portal(store, NAME, lambda state: data.draw(drifted(state)))
    before, texts = world.snapshot, world.texts()
    pending = world.steps()
    way = world.undo(run)
    if way.undone.conflicts:
        assert (world.snapshot, world.texts()) == (before, texts)
    else:
        assert (world.steps(), way.edit.left) == (pending, ())
