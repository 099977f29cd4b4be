"""plan --base: what a change of the files would do, told from the files alone.

In: two revisions of the files. Out: a Plan in which the base stands for what was applied. It opens no
store and reads no secret, takes limits, catalogue and which file speaks for which subscription from
the base, and says nothing of a subscription that the change does not affect.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from flexsync.catalogue import Catalogue
from flexsync.clock import Clock, today
from flexsync.desired.changes import Changes, Half
from flexsync.desired.fleet import Clients, Fleet, open_fleet
from flexsync.desired.git import Git, work_tree
from flexsync.desired.git_source import Revision, Side, on_disk
from flexsync.desired.schema import read
from flexsync.errors import InvalidFiles, Problem, Where, WrongCommand
from flexsync.plan.build import population_of
from flexsync.plan.limits import fleet as fleet_trips
from flexsync.plan.limits import limits_from, planned
from flexsync.plan.model import WORKTREE, Plan
from flexsync.workflow.belonging import refuse_part_of_fleet
from flexsync.workflow.desk import Desk, Order, limits_of, policies_of
from flexsync.workflow.offline_base import AllThere, Base, PlanningOfChange, TouchedOnly, state_of

#: What a head may say and this plan does not listen to.
_TRUSTED = ("store", "catalogue", "limits", "policies")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A change of the files, opened: `desk` has the head's files under the rules of the base."""

    desk: Desk
    base: Half
    head: Half
    changes: Changes

    @property
    def size(self) -> int | None:
        """How many subscriptions there are to look at, None when only reading tells."""
        return len(self.head.fleet.files) + len(self.head.fleet.rows) if self.changes.whole else None


@contextmanager
def comparison(order: Order, base: str, head: str, clock: Clock) -> Iterator[Comparison]:
    """Open both sides of a change; `head` is a revision, or `worktree` for the files as they are on disk.

    Raises WrongCommand for what is no repository or no revision of it, StoreUnavailable for history
    that is not there, and InvalidFiles when the fleet file of either side cannot be used.
    """
    top, path = _place(order.path)
    as_of = order.as_of or today(clock)
    documents = lru_cache(maxsize=4)(read)
    with Git(top) as git:
        commit = git.commit(base)
        folder, entry = _entry(path)
        before = Revision(git, commit, folder)
        after: Side = on_disk(top, folder, commit) if head == WORKTREE else Revision(git, git.commit(head), folder)
        old = _base_fleet(before, entry)
        new = _head_fleet(after, entry, old.catalogue)
        if old.spec is None:
            refuse_part_of_fleet(top / folder, new)
        halves = Half(before, Clients(old, as_of, documents)), Half(after, Clients(new, as_of, documents))
        desk = Desk(
            root=top / folder,
            fleet=replace(new, name=old.name if old.spec else new.name),
            as_of=as_of,
            selection=order.selection,
            store_url="",
            limits=limits_from(limits_of(old)),
            acks=order.acks,
            policies=policies_of(old),
        )
        yield Comparison(desk, *halves, Changes(*halves))


def plan_change(compared: Comparison, advance: Callable[[int], None] = lambda count: None) -> Plan:
    """The Plan from the base to the head of a change; `advance` hears how many were looked at."""
    base = Base(compared.base.fleet, compared.desk.as_of)
    touched = TouchedOnly()
    planning = PlanningOfChange(compared.desk, base, AllThere(), touched)
    planning.problems.extend(_unheard(compared))
    for pair in compared.changes:
        base.hold(pair)
        touched.listening = pair.touched
        if pair.head:
            told = tuple(_unquoted(problem) for problem in pair.head.problems)
            planning.take([base.warned(replace(pair.head, problems=told))])
        advance(1)
    plan = _with_whole_population(planning.plan(), compared)
    binding = replace(plan.binding, base=compared.base.side.commit, head=compared.head.side.commit or WORKTREE)
    return replace(plan, binding=binding)


def _place(path: str) -> tuple[Path, str]:
    """The top of the work tree around `path`, and `path` from there."""
    place = Path(os.path.abspath(path))  # noqa: PTH100 - without following the links that a change may hold
    top = work_tree(place)
    if top is None:
        raise WrongCommand("A plan of a change needs a git work tree around the files. Give one with -C.")
    inside = place.relative_to(top).as_posix()
    return top, "" if inside == "." else inside


def _entry(path: str) -> tuple[str, str]:
    """The folder of the files, and the file in it that was named, if one was. Nothing is looked at: it may be gone."""
    folder, _, name = path.rpartition("/")
    return (folder, name) if name.endswith((".yaml", ".yml")) else (path, "")


def _base_fleet(source: Revision, entry: str) -> Fleet:
    """The fleet of the base; an empty one when it has no files yet."""
    from flexsync.desired.catalogue_file import builtin
    from flexsync.desired.shared import Shared

    try:
        return open_fleet(source, entry)
    except InvalidFiles as error:
        if {problem.code for problem in error.problems} <= {"nothing-here", "file-missing"}:
            return Fleet(source.name, source, builtin(), Shared())
        raise InvalidFiles([_of_base(problem, source) for problem in error.problems]) from error


def _head_fleet(source: Side, entry: str, catalogue: Catalogue) -> Fleet:
    """The fleet of the head under the catalogue of the base."""
    try:
        return open_fleet(source, entry, catalogue)
    except InvalidFiles as error:
        raise InvalidFiles([_unquoted(problem) for problem in error.problems]) from error


def _of_base(problem: Problem, source: Revision) -> Problem:
    return replace(problem, message=f"in the base {source.commit[:12]}: {problem.message}")


def _unheard(compared: Comparison) -> Iterator[Problem]:
    """A warning for each thing that the head changes and that is taken from the base all the same."""
    before, after = (_settings(half.fleet) for half in (compared.base, compared.head))
    document = compared.head.fleet.shared.document
    for name in _TRUSTED:
        if before.get(name) != after.get(name) and document:
            yield _from_base(name, document.where((name,)))
    spec = compared.base.fleet.spec
    file = spec.catalogue if spec else None
    if file and compared.base.side.blob(file) != compared.head.side.blob(file):
        yield _from_base("catalogue", Where(file))


def _from_base(name: str, where: Where) -> Problem:
    message = f"{name}: this change alters it; the plan of a change uses the {name} of the base. Review it by itself"
    return Problem("from-base", message, where, "warning")


def _settings(fleet: Fleet) -> Mapping[str, object]:
    document = fleet.shared.document
    return document.data if document else {}


def _unquoted(problem: Problem) -> Problem:
    """`problem` without a line of a table: it may be another client's."""
    return problem if problem.where.file.endswith((".yaml", ".yml")) else replace(problem, source="")


def _with_whole_population(plan: Plan, compared: Comparison) -> Plan:
    """`plan` with its limits on the run judged by all that exists, which is read only when one is exceeded."""
    if not plan.trips:
        return plan
    exists = _population(compared)
    totals = planned(plan.subscriptions)
    return replace(plan, trips=fleet_trips(totals, exists, compared.desk.limits, compared.desk.acks))


def _population(compared: Comparison) -> Counter[str]:
    """What exists in the whole base, by limit class."""
    from flexsync.desired.fleet import declared

    total: Counter[str] = Counter()
    for one in declared(compared.base.fleet, compared.desk.as_of):
        if one.usable and one.name in compared.desk.selection:
            total.update(population_of(state_of(one, compared.base.fleet.catalogue, compared.desk.as_of)))
    return total
