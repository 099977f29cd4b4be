"""What is written in the project makes sense to somebody who has only the project."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("flexsync", "tests", "script", "docs", "benchmarks", "examples", "schemas", "templates", ".ci")
BINARY = {".xlsx", ".db", ".pyc", ".png", ".mo"}
WRITTEN = {".po"}  # by a tool, which ends files in its own way

#: Hosts that may be linked to; addresses of the reserved example domains are free.
HOSTS = {"json-schema.org", "www.apache.org", "docs.python.org", "semver.org", "git-lfs.github.com"}
HOSTS |= {"json.schemastore.org"}  # the name of the SARIF schema
HOSTS |= {"cel.dev", "www.conftest.dev"}
HOSTS |= {"www.w3.org"}  # the name of SVG
EXAMPLE_HOST = re.compile(r"(^|\.)(example|test|invalid|localhost)(\.(com|org|net))?$|^(127\.0\.0\.1|\[::1\])$")

LINK = re.compile(r"https?://(?:[^/\s@]*@)?([\w.\[\]:-]+?)(?::\d+)?(?=[/\s\"'`)>,;}\\]|$)")

#: What must not appear, each with the reason.
STRAY = {
    r"/(home|Users|root|work|opt|mnt)/\w": "a path that exists on one machine only",
    r"/tmp/\w": "a folder of one machine; tests have tmp_path",
    r"\b(TODO|FIXME|XXX|HACK)\b": "unfinished work belongs in an issue",
    r"\b(design|domain|contracts|background|reliability|technology|anchors)\.md\b": "a page that is no part of this",
    r"\b[Dd]esign,? section\b": "a page that is no part of this",
    r"\bInvariant I\d": "a number that nothing here explains",
}  # fmt: skip


def texts() -> list[Path]:
    """Every text file of ours, this one aside, which has to spell what it forbids."""
    top = [file for file in ROOT.iterdir() if file.is_file() and not file.name.startswith(".git")]
    below = [file for part in PARTS for file in (ROOT / part).rglob("*") if file.is_file()]
    ours = [file for file in (*top, *below) if "vendor" not in file.parts]
    return [file for file in ours if file.suffix not in BINARY and file != Path(__file__)]


def strays(text: str) -> list[str]:
    """A sentence for each stray thing in `text`."""
    return [f"{match[0]}: {reason}" for pattern, reason in STRAY.items() for match in re.finditer(pattern, text)]


def foreign_hosts(text: str) -> set[str]:
    """The hosts that `text` links to and that are neither known nor reserved for examples."""
    hosts = {match[1].lower() for match in LINK.finditer(text)}
    return {host for host in hosts - HOSTS if not EXAMPLE_HOST.search(host)}


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def test_no_file_speaks_of_one_machine_or_of_pages_that_are_not_here():
    found = {str(file.relative_to(ROOT)): strays(read(file)) for file in texts()}
    assert {file: lines for file, lines in found.items() if lines} == {}


def test_links_lead_to_known_hosts():
    files = [file for file in texts() if ROOT / "tests" not in file.parents]  # tests hold hostile input
    found = {str(file.relative_to(ROOT)): foreign_hosts(read(file)) for file in files}
    assert {file: hosts for file, hosts in found.items() if hosts} == {}


def test_every_file_ends_with_one_line_break_and_has_no_trailing_space():
    untidy = []
    for file in texts():
        text = read(file)
        trailing = file.suffix in {".py", ".md", ".toml", ".yaml", ".yml"} and re.search(r"[ \t]+$", text, re.MULTILINE)
        if (
            text
            and file.name != "LICENSE"
            and file.suffix not in WRITTEN
            and (trailing or not text.endswith("\n") or text.endswith("\n\n"))
        ):
            untidy.append(str(file.relative_to(ROOT)))
    assert untidy == []


@pytest.mark.parametrize("text", ["see /home/ana/flexsync", "FIXME later", "as domain.md says", "Design section 4"])
def test_a_stray_is_found(text):
    assert len(strays(text)) == 1


@pytest.mark.parametrize("text", ["https://pypi.some-company.fr/simple", "http://dev6/x", "http://10.0.0.1:80"])
def test_a_foreign_host_is_found(text):
    assert len(foreign_hosts(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "https://json-schema.org/draft/2020-12/schema",
        "https://flex.dupont.example/a",
        "http://127.0.0.1:80/",
        "tmp_path",
    ],
)
def test_what_is_fine_is_left_alone(text):
    assert strays(text) == []
    assert foreign_hosts(text) == set()
