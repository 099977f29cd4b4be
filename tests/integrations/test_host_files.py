"""The files for the hosts: valid by the hosts' schemas, and shaped so that a stranger's change can do no harm."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.support.jobs import ROOT, documents, steps

WORKFLOWS = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "examples" / "workflows" / "github").glob("*.yml"))
GITLAB = "examples/workflows/gitlab/.gitlab-ci.yml"
SCRIPTED = ["action.yml", *WORKFLOWS]
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40}")
OURS = "my-company/flexsync@"


def checked(schema: str, *files: Path, more: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """The verdict of a schema that comes with the checker."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *more, *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_action_obeys_the_schema_of_its_host():
    done = checked("vendor.github-actions", ROOT / "action.yml")
    assert done.returncode == 0, done.stdout


def test_the_workflows_obey_the_schema_of_their_host_and_end_by_themselves():
    files = [ROOT / name for name in WORKFLOWS]
    assert len(files) == 4
    for schema in ("vendor.github-workflows", "custom.github-workflows-require-timeout"):
        done = checked(schema, *files)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("number", [0, 1])
def test_the_component_obeys_the_schema_of_its_host(tmp_path, number):
    part = documents("templates/plan.yml")[number]
    file = tmp_path / f"part{number}.yml"
    YAML(typ="safe", pure=True).dump(part if number else {**part, "job": {"script": "true"}}, file)
    done = checked("vendor.gitlab-ci", file, more=("--data-transform", "gitlab-ci"))
    assert done.returncode == 0, done.stdout


def test_the_pipeline_obeys_the_schema_of_its_host():
    done = checked("vendor.gitlab-ci", ROOT / GITLAB, more=("--data-transform", "gitlab-ci"))
    assert done.returncode == 0, done.stdout


def test_a_schema_can_say_no(tmp_path):
    (tmp_path / "bad.yml").write_text("on: push\njobs: {a: {steps: [{ruun: x}]}}\n")
    assert checked("vendor.github-workflows", tmp_path / "bad.yml").returncode == 1


@pytest.mark.parametrize("file", SCRIPTED)
def test_no_expression_stands_in_a_script(file):
    assert [step["run"] for step in steps(file) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("file", SCRIPTED)
def test_what_is_used_is_pinned_to_a_commit(file):
    used = [step["uses"] for step in steps(file) if "uses" in step]
    assert [name for name in used if not PINNED.fullmatch(name) and not name.startswith(OURS)] == []


@pytest.mark.parametrize("file", WORKFLOWS)
def test_a_workflow_says_what_it_may_do_and_leaves_no_credentials_behind(file):
    workflow = documents(file)[0]
    assert isinstance(workflow["permissions"], dict)
    assert "pull_request_target" not in (workflow.get("on") or workflow.get(True))
    checkouts = [step for step in steps(file) if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_the_stage_that_reads_pull_requests_may_write_nothing_and_holds_no_secret():
    file = "examples/workflows/github/plan.yml"
    assert documents(file)[0]["permissions"] == {"contents": "read"}
    assert "secrets." not in (ROOT / file).read_text()


def test_the_stage_that_may_write_checks_nothing_out_and_runs_nothing_itself():
    file = "examples/workflows/github/comment.yml"
    used = [step.get("uses", "") for step in steps(file)]
    assert len(used) == 2
    assert used[0].startswith("actions/download-artifact@")
    assert used[1].startswith(OURS)
    assert "contents" not in documents(file)[0]["permissions"]


def test_every_input_of_the_action_that_an_example_gives_exists():
    known = set(documents("action.yml")[0]["inputs"])
    given = {
        name for file in WORKFLOWS for step in steps(file) if step.get("uses", "").startswith(OURS)
        for name in step.get("with", {})
    }  # fmt: skip
    assert given <= known


def test_every_input_of_the_action_is_used():
    text = (ROOT / "action.yml").read_text()
    assert [name for name in documents("action.yml")[0]["inputs"] if text.count(f"inputs.{name}") == 0] == []


def test_every_input_of_the_component_is_used():
    text = (ROOT / "templates" / "plan.yml").read_text()
    inputs = documents("templates/plan.yml")[0]["spec"]["inputs"]
    assert [name for name in inputs if f"$[[ inputs.{name} ]]" not in text] == []


def test_no_input_of_the_component_stands_in_a_script():
    jobs = documents("templates/plan.yml")[1].values()
    assert [line for job in jobs for line in job["script"] if "$[[" in line] == []
