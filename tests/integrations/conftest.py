"""A job of each host, in front of a fake one."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flexsync.integrations import comment
from flexsync.plan.file import to_json
from flexsync.plan.model import Plan
from tests.support.commands import Done
from tests.support.fake_host import TOKEN, FakeHost, serving
from tests.support.story import story

HEAD = "c" * 40
STORY = story()


def pull(number: int = 12, label: str = "contributor:hire", sha: str = HEAD, *, still: bool = True) -> dict[str, Any]:
    return {"number": number, "open": still, "head": {"label": label, "sha": sha}}


def of_pull_request(sha: str = HEAD) -> dict[str, Any]:
    return {"pull_request": {"number": 12, "head": {"sha": sha}}}


def of_run(**changed: Any) -> dict[str, Any]:
    run = {
        "event": "pull_request",
        "head_sha": HEAD,
        "head_branch": "hire",
        "head_repository": {"owner": {"login": "contributor"}},
    }
    return {"workflow_run": {**run, **changed}}


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeHost]:
    """The fake host, its address and everything else in the environment of a job."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving(FakeHost(pulls=[pull()])) as fake:
        event = tmp_path / "event.json"
        event.write_text(json.dumps(of_pull_request()))
        job = {
            "GITHUB_API_URL": fake.address,
            "GITHUB_REPOSITORY": "firm/clients",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_TOKEN": TOKEN,
            "CI_API_V4_URL": fake.address,
            "CI_MERGE_REQUEST_PROJECT_ID": "4",
            "CI_MERGE_REQUEST_IID": "12",
            "CI_COMMIT_SHA": HEAD,
            "GITLAB_TOKEN": TOKEN,
        }
        for name, value in job.items():
            monkeypatch.setenv(name, value)
        yield fake


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, without waiting."""
    seconds: list[float] = []
    monkeypatch.setattr(comment, "SLEEP", seconds.append)
    return seconds


@pytest.fixture
def post(tmp_path: Path, waited: list[float], capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """`post("github", plan)`: the program run on a plan, on bytes, or on no file at all."""

    def call(where: str, plan: Plan | bytes | None = STORY, *words: str) -> Done:
        file = tmp_path / "plan.json"
        file.unlink(missing_ok=True)
        if plan is not None:
            file.write_bytes(plan if isinstance(plan, bytes) else to_json(plan))
        code = comment.main([where, "--plan", str(file), *words])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call


@pytest.fixture
def event(host: FakeHost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Any], None]:
    """Says what started the job."""

    def write(content: Any) -> None:
        (tmp_path / "event.json").write_text(json.dumps(content))

    return write
