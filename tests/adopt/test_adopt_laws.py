"""Laws of adopt over random drift on files in odd styles: what the files ask for afterwards is what the store has."""

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flexsync.clock import FixedClock
from flexsync.edit.layout import comments
from flexsync.edit.nodes import find as node_at
from flexsync.edit.nodes import tree
from flexsync.snapshot import Snapshot
from flexsync.state import State, digest, to_plain
from flexsync.store.base import Head
from flexsync.workflow.adopting import adopt
from flexsync.workflow.desk import Order, open_desk
from flexsync.workflow.looking import find
from flexsync.workflow.proving import write_back
from flexsync.workflow.single import resolved
from tests.support.law_files import AS_OF, ENDS, LAYOUTS, drifted
from tests.support.stored import NOON


@dataclass(frozen=True)
class Shelf:
    """A store with one subscription, in memory."""

    snapshot: Snapshot

    def heads(self):
        current, applied = (digest(to_plain(one)) for one in (self.snapshot.current, self.snapshot.applied))
        return iter([Head(self.snapshot.name, 2, current, applied, "open", "", None)])

    def snapshots(self, names):
        return {name: self.snapshot for name in names if name == self.snapshot.name}


@pytest.fixture
def fresh(tmp_path_factory):
    def fresh(layout, ends):
        root = tmp_path_factory.mktemp("files")
        for name, text in LAYOUTS[layout].items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(ENDS[ends](text))
        return root

    return fresh


def desk_of(root):
    return open_desk(Order(str(root), as_of=AS_OF), FixedClock(NOON))


def asked_for(root, snapshot) -> State:
    desk = desk_of(root)
    found = find(desk, "atelier")
    assert found.usable, found.problems
    return resolved(found, desk.fleet, snapshot, AS_OF).state


def texts(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.*") if path.is_file()}


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_adopted_files_ask_for_what_the_store_has_and_say_all_else_as_before(fresh, layout, data):
    root = fresh(layout, data.draw(st.sampled_from(sorted(ENDS))))
    before = texts(root)
    applied = asked_for(root, Snapshot("atelier"))
    current = data.draw(drifted(applied))
    store = Shelf(Snapshot("atelier", 2, current, applied))
    adoption = adopt(desk_of(root), store)
    assert adoption.left == ()
    write_back(desk_of(root), adoption)

    assert asked_for(root, store.snapshot) == current
    assert adopt(desk_of(root), store).files == {}
    after = texts(root)
    for name, old in before.items():
        vanished = Counter(lines(old)) - Counter(lines(after[name]))
        assert vanished.keys() <= edited_lines(name, old, adoption.taken), vanished
    if "fleet.yaml" in before:
        shared = before["fleet.yaml"].partition(b"defaults:")[2]
        assert after["fleet.yaml"].partition(b"defaults:")[2] == shared


def lines(content: bytes) -> list[str]:
    return [line.removesuffix("\r") for line in content.decode().removeprefix("\ufeff").split("\n")]


def edited_lines(name: str, old: bytes, taken) -> set[str]:
    """The lines of a file on which an edited value stands, or a map or list on one line that it is in."""
    paths = [edit.path for one in taken for edit in one.edits]
    if name.endswith(".csv"):
        keys = {"atelier", *(str(path[1]) for path in paths if path[0] == "users")}
        return {line for line in lines(old) if line.partition(";")[0] in keys}
    text = old.decode().removeprefix("\ufeff")
    root = tree(text)
    people = [("people", key, path[-1]) for path in paths for key in names(node_at(root, ("people",)))]
    return {line for path in (*paths, *people) for line in span(text, root, path)}


def names(node) -> list[str]:
    return [entry.name for entry in node.entries] if node else []


def span(text: str, root, path) -> set[str]:
    """The lines of what is written at `path`, and the line that opens what it is in."""
    node, found = root, set()
    for step in path:
        entry = node.entry(step)
        if entry is None:
            break
        node, opening = entry.node, text.rfind("\n", 0, entry.start) + 1
        found = found | {text[opening:].partition("\n")[0].removesuffix("\r")}
    else:
        found |= set(lines(text[opening : node.end].encode()))
        found.add(text[text.rfind("\n", 0, node.end) + 1 :].partition("\n")[0].removesuffix("\r"))
    if node is not root and node.flow:
        stop = text.find("\n", node.end)
        found |= set(lines(text[opening : stop if stop >= 0 else None].encode()))
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_comment_lives_that_is_not_on_a_line_taken_out(fresh, data):
    root = fresh("one file", data.draw(st.sampled_from(sorted(ENDS))))
    old = texts(root)["atelier.yaml"]
    applied = asked_for(root, Snapshot("atelier"))
    current = data.draw(drifted(applied))
    write_back(desk_of(root), adopt(desk_of(root), Shelf(Snapshot("atelier", 2, current, applied))))
    new = texts(root)["atelier.yaml"]
    kept = Counter(comments(old.decode()))
    gone = kept - Counter(comments(new.decode()))
    lines_gone = Counter(old.decode().splitlines()) - Counter(new.decode().splitlines())
    on_lines_taken_out = [comment for comment in gone if any(line.rstrip().endswith(comment) for line in lines_gone)]
    assert sorted(gone) == sorted(on_lines_taken_out)
