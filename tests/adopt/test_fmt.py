"""fmt: canonical order and style, meaning and comments kept, and nothing to do the second time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flexsync.desired.document import parse
from flexsync.edit.layout import comments, laid_out
from tests.support.commands import EXAMPLES
from tests.support.law_files import BLOCK, CLIENT, ENDS, FLEET

TEXTS = [BLOCK, CLIENT, FLEET, *(path.read_text() for path in sorted(EXAMPLES.rglob("*.yaml")))]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(TEXTS), st.sampled_from(sorted(ENDS)), st.randoms(use_true_random=False))
def test_meaning_and_comments_are_kept_and_a_second_time_changes_nothing(text, ends, random):
    content = ENDS[ends](shuffled(text, random))
    laid = laid_out("x", content)
    assert parse("x", laid).data == parse("x", content).data
    assert comments(laid.decode()) == comments(content.decode())
    assert laid_out("x", laid) == laid
    assert (b"\r\n" in laid) == (b"\r\n" in content)


def shuffled(text, random):
    """The text with its top-level parts in another order, each with the comments over it."""
    parts, over = [], ""
    for line in text.splitlines(keepends=True):
        if line[:1] in "#\n":
            over += line
        elif line[:1] == " ":
            parts[-1] += over + line
            over = ""
        else:
            parts.append(over + line)
            over = ""
    random.shuffle(parts)
    return "".join(parts) + over


def test_keys_stand_in_the_order_of_the_format_with_the_comments_above_them():
    text = (
        "# head\nkind: Subscription\nseats: 1\n# about the offer\noffer:   flex\n"
        "users:\n    a: {access: [x], email: e}\nname: x-y # n\napiVersion: flexsync/v1\n"
    )
    assert laid_out("x", text.encode()).decode() == (
        "# head\napiVersion: flexsync/v1\nkind: Subscription\nname: x-y # n\n# about the offer\noffer: flex\nseats: 1\n"
        "users:\n  a: {email: e, access: [x]}\n"
    )


def test_a_text_that_a_last_line_break_would_change_is_left_as_it_is():
    content = b"kind: Subscription\noffer: |+\n  flex"
    assert laid_out("x", content) == content


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "a.yaml").write_text(BLOCK)
    return tmp_path / "f"


def test_check_writes_nothing_and_says_that_there_is_something_to_do(flexsync, folder):
    assert flexsync("fmt", "--check", "-C", folder).code == 2
    assert (folder / "a.yaml").read_text() == BLOCK
    assert flexsync("fmt", "-C", folder).code == 0
    assert flexsync("fmt", "--check", "-C", folder).code == 0


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_done(flexsync, folder):
    (folder / "b.yaml").write_text("kind: [\n")
    done = flexsync("fmt", "-C", folder)
    assert (done.code, "b.yaml:2" in done.err, "changed a.yaml" in done.out) == (3, True, True)
    assert flexsync("fmt", folder.parent / "gone.yaml", "-C", folder).code == 64


def test_a_folder_is_no_file_and_a_file_named_twice_is_one(flexsync, folder):
    assert "is a folder. Name its files" in flexsync("fmt", folder, "-C", folder).err
    twice = flexsync("fmt", "--check", folder / "a.yaml", folder / "a.yaml", "-C", folder)
    assert twice.out.splitlines() == ["would change a.yaml", "Checked: 1 files, 1 to change"]


def test_a_link_is_not_followed(flexsync, folder, tmp_path):
    target = tmp_path / "target.yaml"
    target.write_text(BLOCK)
    (folder / "c.yaml").symlink_to(target)
    assert flexsync("fmt", "-C", folder).code == 3
    assert target.read_text() == BLOCK
