"""The commenting program while the host is down, slow to forgive, or strange."""

from dataclasses import replace

import pytest

from tests.integrations.conftest import HEAD, of_pull_request, of_run, pull
from tests.support.fake_host import TOKEN
from tests.support.plans import whole
from tests.support.ports import deserted

BOTH = pytest.mark.parametrize("where", ["github", "gitlab"])
NOTHING = whole(checked=3)


@BOTH
@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_host_that_recovers_gets_its_comment(host, post, waited, where, status):
    host.troubles = [(status, {}), (status, {})]
    assert post(where, NOTHING).out == "Comment created.\n"
    assert waited == [1, 2]
    assert len(host.comments) == 1


def test_the_host_says_how_long_to_wait(host, post, waited):
    host.troubles = [(429, {"Retry-After": "30"}), (403, {"Retry-After": "2", "X-RateLimit-Remaining": "0"})]
    assert post("github", NOTHING).code == 0
    assert waited == [30, 2]


def test_an_hour_is_too_long_to_wait(host, post, waited):
    host.troubles = [(429, {"Retry-After": "3600"})]
    assert post("github", NOTHING).code == 9
    assert waited == []


@BOTH
def test_a_host_that_stays_down_is_exit_9_in_words(host, post, waited, where):
    host.troubles = [(503, {})] * 20
    done = post(where, NOTHING)
    assert done.code == 9
    assert "503" in done.err
    assert waited == [1, 2, 4, 8]
    assert len(host.asked) == 5


def test_an_address_where_nobody_listens_is_exit_9(host, post, waited, monkeypatch):
    with deserted() as port:
        monkeypatch.setenv("GITHUB_API_URL", f"http://127.0.0.1:{port}")
        done = post("github", NOTHING)
    assert done.code == 9
    assert "does not answer" in done.err
    assert TOKEN not in done.err


@pytest.mark.parametrize(("made", "shown"), [("b" * 40, False), (HEAD, True), ("worktree", True)])
def test_a_plan_that_an_earlier_job_left_behind_is_not_shown(host, post, made, shown):
    plan = replace(NOTHING, binding=replace(NOTHING.binding, base="a" * 40, head=made))
    done = post("gitlab", plan)
    assert ("nothing to do" in host.comments[0]["body"]) == shown
    assert ("another commit" in done.err) != shown


@BOTH
def test_a_create_whose_answer_was_lost_is_not_repeated(host, post, where):
    before = _requests_before_the_create(host, post, where)
    host.comments.clear()
    host.troubles = [None] * before + ["drop"]
    assert post(where, NOTHING).out == "Comment unchanged.\n"
    assert len(host.comments) == 1


def _requests_before_the_create(host, post, where):
    post(where, NOTHING)
    return next(place for place, line in enumerate(host.asked) if line.startswith("POST"))


@BOTH
@pytest.mark.parametrize("answer", [b"", b"null", b"{}", b"[1]", b'"x"', b"<html>", b"[" * 50_000])
def test_an_answer_of_another_shape_is_told_in_words(host, post, where, answer):
    host.troubles = [answer] * 50
    done = post(where, NOTHING)
    assert done.code in {1, 9}
    assert "Traceback" not in done.err
    assert done.err


def test_a_redirect_is_not_followed_so_that_the_token_stays_here(host, post):
    host.troubles = [(302, {"Location": "http://127.0.0.1:9/elsewhere"})]
    done = post("github", NOTHING)
    assert done.code == 1
    assert "another address" in done.err
    assert len(host.asked) == 1


# Which pull request it is.


def test_the_second_stage_finds_the_pull_request_of_a_fork_by_the_head_of_the_run(host, post, event):
    host.pulls = [pull(11, sha="d" * 40), pull(12), pull(13, still=False)]
    event(of_run())
    assert post("github", NOTHING).code == 0
    assert "POST /repos/firm/clients/issues/12/comments" in host.asked


@pytest.mark.parametrize(
    "started",
    [of_run(head_sha="e" * 40), of_run(head_branch="other"), of_run(head_repository=None), of_pull_request("e" * 40)],
)
def test_nothing_is_written_when_the_pull_request_has_moved_on(host, post, event, started):
    event(started)
    done = post("github", NOTHING)
    assert done.code == 0
    assert "moved on" in done.out
    assert host.comments == []
    assert host.labels == []


def test_nothing_is_written_when_the_merge_request_has_moved_on(host, post, monkeypatch):
    monkeypatch.setenv("CI_COMMIT_SHA", "e" * 40)
    assert "moved on" in post("gitlab", NOTHING).out
    assert host.comments == []


def test_a_merged_result_pipeline_is_known_by_its_source(host, post, monkeypatch):
    monkeypatch.setenv("CI_COMMIT_SHA", "e" * 40)
    monkeypatch.setenv("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", HEAD)
    assert post("gitlab", NOTHING).out == "Comment created.\n"


def test_a_head_of_several_pull_requests_is_ambiguous(host, post, event):
    host.pulls = [pull(12), pull(13)]
    event(of_run())
    done = post("github", NOTHING)
    assert done.code == 1
    assert "2 pull requests" in done.err
    assert host.comments == []


@pytest.mark.parametrize("started", [{}, [], {"push": 1}, of_run(event="push"), of_run(event="schedule")])
def test_an_event_without_a_pull_request_is_a_wrong_command(host, post, event, started):
    event(started)
    assert post("github", NOTHING).code == 64
    assert host.asked == []


@pytest.mark.parametrize("started", [{"pull_request": {"number": 12}}, {"pull_request": 3}, {"workflow_run": 3}])
def test_an_event_of_another_shape_is_told_in_words(host, post, event, started):
    event(started)
    assert post("github", NOTHING).code == 1
