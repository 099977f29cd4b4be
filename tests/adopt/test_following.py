"""Files that follow one subscription: which others are read for it, and that nothing breaks, whoever is read."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flexsync.clock import FixedClock
from flexsync.desired.fleet import open_fleet
from flexsync.desired.source import MAX_BYTES, Folder
from flexsync.snapshot import Snapshot
from flexsync.state import Person, User
from flexsync.workflow.desk import Order, open_desk
from flexsync.workflow.draft import Draft
from flexsync.workflow.following import Following, Whole
from flexsync.workflow.single import entry_of
from tests.support.stored import NOON

OWN = "clients/own.yaml"
FLEET = """\
apiVersion: flexsync/v1
kind: Fleet
name: three
people:
  laure: {civility: madame, given_name: Laure, family_name: Petit, email: laure@fleet.example}
defaults:
  offer: ultraflex
  seats: 9
  products: {compta: {}}
  admin: {civility: madame, given_name: Ida, family_name: Noël, email: ida@fleet.example}
"""
CLIENT = """\
apiVersion: flexsync/v1
kind: Subscription
name: {name}
users:
  own.user: {user}
  who.stays: {stays}
{more}"""
ROSTER = "key;civility;given_name;family_name;email;access\nr.one;madame;{given};Martin;{email};compta\n"


def entry(given_name: str, email: str) -> str:
    return f"{{civility: madame, given_name: {given_name}, family_name: Martin, email: {email}, access: [compta]}}"


@dataclass
class Counting:
    """A folder that counts how often each file is read."""

    folder: Folder
    reads: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def commit(self) -> str:
        return ""

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        self.reads.append(path)
        return self.folder.read(path, limit)

    def glob(self, pattern: str) -> list[str]:
        return self.folder.glob(pattern)

    def has(self, path: str) -> bool:
        return self.folder.has(path)


@pytest.fixture
def fleet(tmp_path):
    """`own`, `near` and `far`, with a user each; returns what opens them, and counts what is read after that."""
    return lambda **users: opened(tmp_path, users)


def opened(root: Path, users, roster: str = "", more: str = ""):
    (root / "clients").mkdir(exist_ok=True)
    (root / "fleet.yaml").write_text(FLEET)
    (root / "roster.csv").write_text(roster)
    for name in ("own", "near", "far"):
        user = users.get(name, entry("Anne", f"anne@{name}.example"))
        stays = entry("Luc", f"luc@{name}.example")
        text = CLIENT.format(name=name, user=user, stays=stays, more=more if name == "far" else "")
        (root / "clients" / f"{name}.yaml").write_text(text)
    desk = open_desk(Order(str(root)), FixedClock(NOON))
    return replace(desk, fleet=replace(desk.fleet, source=Counting(Folder(root))))


def followed(desk, **users: User | None):
    """What becomes of the files when these users of `own` come, change, or leave."""

    def target(desired):
        wanted = desired.state.users | users
        return replace(desired.state, users={key: user for key, user in wanted.items() if user})

    following = Following(desk, {"own": OWN})
    following.take(Snapshot("own"), target)
    return following.rewrite()


def named(given_name: str, email: str) -> User:
    return User(Person("madame", given_name, "Martin", email), access=("compta",))


def broken(desk, rewrite):
    draft = Draft(desk.fleet.source, {name: new for name, (_, new) in rewrite.files.items()})
    return Whole.of(open_fleet(draft, entry_of(desk.fleet)), desk.as_of).broken


def test_only_the_own_file_is_read_when_somebody_leaves_or_opens_something_else(fleet):
    desk = fleet()
    assert followed(desk, **{"own.user": None}).files.keys() == {OWN}
    assert followed(desk, **{"own.user": replace(named("Anne", "anne@own.example"), access=())}).files.keys() == {OWN}
    assert {path for path in desk.fleet.source.reads if path != OWN} <= {"fleet.yaml"}


def test_the_fleet_is_opened_once_more_only_when_what_all_share_is_edited(fleet):
    desk = fleet(own="{person: laure, access: [compta]}")
    followed(desk, **{"new.one": named("Zoé", "zoe@own.example")})
    assert desk.fleet.source.reads.count("fleet.yaml") == 1  # for addresses
    laure = User(Person("madame", "Laurence", "Petit", "laure@fleet.example"), access=("compta",))
    assert followed(desk, **{"own.user": laure}).files.keys() == {"fleet.yaml"}


def test_whoever_comes_under_another_name_than_elsewhere_is_refused(fleet):
    desk = fleet(near=entry("Anna", "Anne.Martin@Near.example"))
    same, other = (named(given, "anne.martin@near.example") for given in ("Anna", "Anne"))
    assert followed(desk, **{"new.one": same}).files.keys() == {OWN}
    (left,) = followed(desk, **{"new.one": other}).left
    assert left == ("own", "it would break near: person-differs, own: person-differs")


def test_whoever_leaves_is_not_held_back_by_how_others_name_them(fleet):
    users = {name: entry(given, "anne@own.example") for name, given in (("own", "Anne"), ("near", "Anna"))}
    desk = fleet(**users, far=entry("Anne", "anne@own.example"))
    assert followed(desk, **{"own.user": None}).files.keys() == {OWN}


EMAILS = st.sampled_from(["anne@own.example", "o'brien@own.example", "zoe@xn--nol-joa.example", "laure@fleet.example"])
NAMES = st.sampled_from(["Anne", "Zoé"])
WRITTEN = st.sampled_from([
    lambda email: f'"{email}"',
    lambda email: "'" + email.replace("'", "''") + "'",
    lambda email: f'"{email.upper()}"',
    lambda email: '"' + email.replace("@", "\\x40") + '"',
    lambda email: '"' + email.replace("xn--nol-joa", "noël") + '"',
])  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_edit_breaks_what_was_whole_before(tmp_path, data):
    draw = data.draw
    users = {name: entry(draw(NAMES), draw(WRITTEN)(draw(EMAILS))) for name in ("own", "near", "far")}
    more = draw(st.sampled_from(["", "users_table: roster.csv\n"]))
    desk = opened(tmp_path, users, ROSTER.format(given=draw(NAMES), email=draw(EMAILS)), more)
    before = Whole.of(desk.fleet, desk.as_of).broken
    key = draw(st.sampled_from(["own.user", "new.one"]))
    rewrite = followed(desk, **{key: named(draw(NAMES), draw(EMAILS))})
    assert broken(desk, rewrite) <= before
