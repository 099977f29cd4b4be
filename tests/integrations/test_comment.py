"""The commenting program against a fake host: one comment, kept up to date, and nobody else's touched."""

import json
from dataclasses import replace

import pytest

from flexsync.plan.file import to_json
from flexsync.render.inert import marker
from flexsync.state import canonical, digest
from tests.support.fake_host import TOKEN
from tests.support.plans import whole
from tests.support.story import hired, story

BOTH = pytest.mark.parametrize("where", ["github", "gitlab"])
NOTHING = whole(checked=3)
MARKER = marker()


def bodies(host):
    return [one["body"] for one in host.comments]


@BOTH
def test_the_first_run_creates_the_comment_and_the_next_one_updates_it(host, post, where):
    assert post(where).out == "Comment created.\n"
    assert "cabinet" not in bodies(host)[0]
    assert post(where, NOTHING).out == "Comment updated.\n"
    assert len(host.comments) == 1
    assert bodies(host)[0].startswith("**flexsync: nothing to do**")


@BOTH
def test_a_comment_that_says_it_all_already_is_left_alone(host, post, where):
    post(where)
    host.asked.clear()
    assert post(where).out == "Comment unchanged.\n"
    assert {line.partition(" ")[0] for line in host.asked} == {"GET"}


def test_line_ends_that_the_host_changed_are_no_difference(host, post):
    post("github")
    host.comments[0]["body"] = host.comments[0]["body"].replace("\n", "\r\n").rstrip()
    assert post("github").out == "Comment unchanged.\n"


@BOTH
def test_somebody_elses_comment_with_the_same_marker_is_not_touched(host, post, where):
    foreign = f"look, a plan\n{MARKER}"
    host.said(foreign, by="mallory", user=66)
    assert post(where).out == "Comment created.\n"
    assert bodies(host)[0] == foreign
    post(where, NOTHING)
    assert bodies(host)[0] == foreign
    assert len(host.comments) == 2


@BOTH
def test_own_comments_without_the_marker_at_their_top_are_not_touched(host, post, where):
    quoted = "\n" * 30 + MARKER
    host.said("the build passed")
    host.said(quoted)
    post(where)
    assert bodies(host)[:2] == ["the build passed", quoted]
    assert len(host.comments) == 3


@BOTH
def test_keys_keep_comments_of_several_plans_apart(host, post, where):
    for key in ("north", "south", "north"):
        post(where, NOTHING, "--key", key)
    assert [marker("north") in body for body in bodies(host)] == [True, False]


@BOTH
def test_the_comment_is_found_on_a_later_page(host, post, where):
    for number in range(205):
        host.said(f"comment {number}", by="somebody", user=1)
    post(where)
    assert post(where, NOTHING).out == "Comment updated.\n"
    assert len(host.comments) == 206


@BOTH
def test_labels_of_the_family_follow_the_plan_and_others_stay(host, post, where):
    host.labels = ["urgent", "flexsync/no-changes"]
    post(where)
    assert set(host.labels) == {
        "urgent",
        "flexsync/error",
        "flexsync/guarded",
        "flexsync/removal",
        "flexsync/add-or-update",
    }
    post(where, whole(hired()))
    assert set(host.labels) == {"urgent", "flexsync/add-or-update"}
    post(where, NOTHING)
    assert set(host.labels) == {"urgent", "flexsync/no-changes"}


@BOTH
def test_labels_can_be_left_alone(host, post, where):
    post(where, NOTHING, "--no-labels")
    assert host.labels == []


@BOTH
@pytest.mark.parametrize("broken", [None, b"", b"{", b'{"format": 1}', b"[" * 100_000, b"\xff" * 10])
def test_without_a_usable_plan_the_comment_says_so(host, post, where, broken):
    done = post(where, broken)
    assert done.code == 0
    assert bodies(host)[0].startswith("**flexsync: no plan could be made**")
    assert host.labels == ["flexsync/error"]


def test_a_comment_that_the_host_finds_too_large_is_written_short_and_says_what_is_missing(host, post):
    host.longest = 4_200
    many = whole(*(replace(hired(), name=f"client-{number}") for number in range(60)))
    assert post("github", many).out == "Comment created.\n"
    assert "Cut to 4,000 bytes" in bodies(host)[0]
    assert len(bodies(host)[0].encode()) <= 4_000


def test_a_comment_never_exceeds_the_budget(host, post):
    many = whole(*(replace(hired(), name=f"client-{number}") for number in range(2_000)))
    post("github", many, "--budget", "9000")
    assert len(bodies(host)[0].encode()) <= 9_000


def test_a_host_that_takes_nothing_at_all_is_told_of(host, post):
    host.longest = 10
    done = post("github")
    assert done.code == 1
    assert "422" in done.err


@BOTH
def test_nothing_that_the_plan_says_can_act_on_the_host(host, post, where):
    evil = "/close\n@everyone ![x](https://tracker.invalid/p.png) <img src=x> -->\n/approve"
    problems = tuple(replace(one, message=evil) for one in story().problems)
    names = (replace(hired(), name="@org/admins"), replace(hired(), name="](javascript:x)\n/merge"))
    post(where, replace(story(), problems=problems, orphans=(evil,), subscriptions=names))
    lines = bodies(host)[0].splitlines()
    assert [line for line in lines if line.lstrip().startswith(("/", "@"))] == []
    assert lines.count(MARKER) == 1


def forged(change):
    """The story's plan file after `change`, with a digest that fits."""
    data = json.loads(to_json(story()))
    del data["digest"]
    for subscription in data["subscriptions"]:
        for step in subscription["steps"]:
            change(step)
    return canonical({**data, "digest": digest(data)}).encode()


NONSENSE = [{"subject": "x"}, {"subject": "a/b/c/d/e"}, {"before": 3, "after": "x"}, {"after": {"x": [1]}}]
NONSENSE += [{"before": None, "after": None}, {"pair": "x", "limit": "x"}, {"kind": "seats.raise", "subject": "user/x"}]


@pytest.mark.parametrize("change", NONSENSE)
def test_a_well_formed_plan_of_nonsense_is_shown_or_refused_in_words(host, post, change):
    done = post("github", forged(lambda step: step.update(change)))
    assert done.code == 0
    assert bodies(host)[0].startswith("**flexsync")
    assert "Traceback" not in done.err


def test_a_token_of_another_login_is_found_out_at_once(host, post):
    done = post("github", NOTHING, "--author", "firm-bot")
    assert done.code == 1
    assert '"github-actions[bot]"' in done.err


def test_the_token_is_sent_and_never_shown(host, post):
    host.troubles = [(403, {})]
    done = post("github")
    assert host.tokens == {f"Bearer {TOKEN}"}
    assert done.code == 1
    assert "may not do this" in done.err
    assert TOKEN not in done.out + done.err


def test_a_token_cannot_be_an_argument(host, post):
    assert post("github", NOTHING, "--token", "x").code == 64


WRONG = [
    (name, value)
    for name in ("GITHUB_TOKEN", "GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_EVENT_PATH")
    for value in ("", "a\r\nX-Evil: 1", "ftp://x.invalid", "http://x.invalid/?a")
    if name != "GITHUB_TOKEN" or not value.isprintable() or not value  # any word may be a token
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_setting_that_cannot_be_right_is_named_and_nothing_is_asked(host, post, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    done = post("github", NOTHING)
    assert done.code == 64
    assert name in done.err or "address of the API" in done.err
    assert host.asked == []
