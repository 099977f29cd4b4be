"""Files are written whole, through no link, and only while they are what they were."""

import pytest

from flexsync.errors import Refused
from flexsync.snapshot import Snapshot
from flexsync.state import Person
from flexsync.workflow import proving
from flexsync.workflow.adopting import adopt
from flexsync.workflow.patches import patch_lines
from flexsync.workflow.writing_back import put_back, write_all
from tests.adopt.test_adopt_laws import Shelf, asked_for, desk_of, texts
from tests.support.law_files import BLOCK
from tests.support.portal import person_changed, user_changed


@pytest.fixture
def root(tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "atelier.yaml").write_bytes(BLOCK.encode())
    return tmp_path / "files"


def shelf(root, change):
    applied = asked_for(root, Snapshot("atelier"))
    return Shelf(Snapshot("atelier", 2, change(applied), applied))


def test_permissions_stay_and_nothing_is_left_beside(root):
    (root / "atelier.yaml").chmod(0o640)
    write_all(root, {"atelier.yaml": (BLOCK.encode(), b"new"), "clients/b.yaml": (None, b"b")})
    assert (root / "atelier.yaml").stat().st_mode & 0o777 == 0o640
    assert texts(root) == {"atelier.yaml": b"new", "clients/b.yaml": b"b"}
    put_back(root, {"atelier.yaml": (BLOCK.encode(), b"new"), "clients/b.yaml": (None, b"b")})
    assert texts(root) == {"atelier.yaml": BLOCK.encode()}


def test_a_link_is_not_written_through(root, tmp_path):
    (tmp_path / "outside.yaml").write_text(BLOCK)
    (root / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (root / "clients").symlink_to(tmp_path, target_is_directory=True)
    for name, old in (("link.yaml", BLOCK.encode()), ("clients/new.yaml", None)):
        with pytest.raises(Refused):
            write_all(root, {name: (old, b"new")})
    assert (tmp_path / "outside.yaml").read_text() == BLOCK
    assert not (tmp_path / "new.yaml").exists()


def test_a_file_that_changed_meanwhile_is_left_alone(root):
    with pytest.raises(Refused):
        write_all(root, {"atelier.yaml": (b"something else", b"new")})
    with pytest.raises(Refused):
        write_all(root, {"atelier.yaml": (None, b"new")})
    assert texts(root) == {"atelier.yaml": BLOCK.encode()}


def test_when_one_file_cannot_be_written_the_others_are_as_they_were(root):
    long = "x" * 245 + ".yaml"  # no room for the name of the file beside it
    (root / long).write_bytes(b"old")
    with pytest.raises(Refused, match=r"file name too long\. Nothing was changed"):
        write_all(root, {"atelier.yaml": (BLOCK.encode(), b"new"), "new.yaml": (None, b"new"), long: (b"old", b"new")})
    assert texts(root) == {"atelier.yaml": BLOCK.encode(), long: b"old"}


def test_what_cannot_be_put_back_is_named(root):
    long = "x" * 245 + ".yaml"
    with pytest.raises(Refused, match=r"x\.yaml: file name too long\). Restore it from git"):
        put_back(root, {long: (b"old", b"new"), "atelier.yaml": (b"older", b"new")})
    assert texts(root) == {"atelier.yaml": b"older"}


def test_old_bytes_come_back_when_the_files_say_something_else(root, monkeypatch):
    store = shelf(root, person_changed("p.martin", family_name="Roy"))
    adoption = adopt(desk_of(root), store)

    def written_wrong(folder, files):
        (folder / "atelier.yaml").write_bytes(BLOCK.replace("seats: 6", "seats: 7").encode())

    monkeypatch.setattr(proving, "write_all", written_wrong)
    with pytest.raises(Refused, match="as they were"):
        proving.write_back(desk_of(root), adoption)
    assert texts(root) == {"atelier.yaml": BLOCK.encode()}


def test_what_files_cannot_ask_for_is_told_and_nothing_is_edited(root):
    one = adopt(desk_of(root), shelf(root, user_changed("p.martin", access=("nothing",))))
    assert (one.files, one.taken, [name for name, _ in one.left]) == ({}, (), ["atelier"])


def test_hostile_text_of_the_store_stays_inert(root):
    evil = Person("madame", "An\u202ene", "x\n  admin: {}", "a@b.example")
    one = adopt(desk_of(root), shelf(root, person_changed("p.martin", given_name=evil.given_name)))
    two = adopt(desk_of(root), shelf(root, person_changed("p.martin", family_name=evil.family_name)))
    assert (one.files, two.files, len(one.left), len(two.left)) == ({}, {}, 1, 1)


def test_a_patch_shows_no_control_character():
    lines = list(patch_lines("a\x1b.yaml", b"x: 1\n", "x: \u202e2\n".encode()))
    assert lines == ["--- a/a\\x1b.yaml", "+++ b/a\\x1b.yaml", "@@ -1 +1 @@", "-x: 1", "+x: \\u202e2"]
