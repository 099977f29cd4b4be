"""Whatever the files say, a page that shows it has only our own nodes."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexsync.render import RENDERERS, renderer
from flexsync.render.inert import code, marker, prose
from flexsync.render.page import SCRIPT
from flexsync.text import is_unsafe, visible
from tests.support.hostile import PAYLOADS, hostile, hostile_view, texts
from tests.support.parsed import attributes, elements, markdown_to_html, nodes, text
from tests.support.sarif import problems_of

PAGE = {"#document", "html", "head", "body", "p", "code", "ul", "li", "details", "summary"}
OUR_MARKDOWN = PAGE | {"strong", "h3", "h4", "blockquote", "#comment"}
OUR_HTML = PAGE | {"!doctype", "meta", "title", "style", "header", "h1", "h2", "span", "div", "label", "input"}
OUR_HTML |= {"main", "section", "b", "small", "br", "footer", "script", "select", "option"}
OUR_ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "id", "type", "checked", "hidden"}
OUR_ATTRIBUTES |= {"autocomplete", "data-client", "data-kind", "value"}
#: What hosts look for in text that is not code, after parsing.
ALIVE = re.compile(r"@[\w]|#\d|\bGH-\d|\w+://|\bwww\.|[!~%$&^][\w\"]|:\w+:|\$[^\s\u200b]", re.ASCII | re.IGNORECASE)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")

seeds = st.integers(0, 2**32)
pools = st.lists(texts, min_size=1, max_size=8).map(tuple)


def rendered(form, seed, pool):
    return "".join(f"{line}\n" for line in renderer(form)(hostile(seed, pool), hostile_view(seed, pool)))


@given(seeds, pools)
def test_a_hostile_comment_has_only_our_nodes(seed, pool):
    page = markdown_to_html(rendered("markdown", seed, pool))
    assert set(elements(page)) <= OUR_MARKDOWN
    assert attributes(page) == set()
    assert elements(page)["#comment"] == 1
    assert elements(page)["details"] == 1
    assert ALIVE.search(text(page, without=("code",))) is None


@given(seeds, pools)
def test_a_hostile_page_has_only_our_nodes(seed, pool):
    page = rendered("html", seed, pool)
    assert set(elements(page)) <= OUR_HTML
    assert {name for _, name in attributes(page)} <= OUR_ATTRIBUTES
    assert [node.children[0].data for node in nodes(page) if node.name == "script"] == [SCRIPT]
    assert [node.attrs["id"] for node in nodes(page) if node.name == "details" and node.attrs] == [
        f"s{number}" for number in range(1, 9)
    ]


@given(seeds, pools)
def test_a_hostile_report_is_well_formed(seed, pool):
    root = ElementTree.fromstring(rendered("junit", seed, pool))
    assert {node.tag for node in root.iter()} == {"testsuites", "testsuite", "testcase", "failure", "system-out"}
    assert {name for node in root.iter() for name in node.attrib} <= {
        "name", "classname", "time", "tests", "failures", "errors", "message",
    }  # fmt: skip


@given(seeds, pools)
def test_a_hostile_sarif_log_obeys_its_schema_and_points_into_the_repository(seed, pool):
    log = json.loads(rendered("sarif", seed, pool))
    assert problems_of(log) == []
    for result in log["runs"][0]["results"]:
        assert re.sub(r"\\.", "", result["message"]["text"]).count("[") == 0
        assert re.sub(r"\{\{|\}\}", "", result["message"]["text"]).count("{") == 0
        for location in result.get("locations", ()):
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"[\w.~%/-]*", uri, re.ASCII)
            assert not uri.startswith("/")
            assert ".." not in uri.split("/")


@given(seeds, pools)
def test_hostile_annotations_are_one_command_a_line(seed, pool):
    for line in rendered("github", seed, pool).splitlines():
        command = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert command
        assert [part.partition("=")[0] for part in command[2].split(",")] in (
            ["title"], ["file", "line", "col", "title"],
        )  # fmt: skip
        assert re.findall(r"%(?!25|3A|2C)", line) == []


@given(seeds, pools)
def test_a_hostile_code_quality_report_has_unique_fingerprints(seed, pool):
    issues = json.loads(rendered("gitlab", seed, pool))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert {issue["severity"] for issue in issues} <= {"critical", "major", "info"}


@given(seeds, pools)
def test_no_cell_of_a_hostile_table_is_a_formula(seed, pool):
    rows = list(csv.reader(io.StringIO(rendered("csv", seed, pool).removeprefix("\ufeff")), delimiter=";"))
    assert len({len(row) for row in rows}) == 1
    assert [cell for row in rows for cell in row if cell.lstrip().startswith(FORMULA)] == []


@pytest.mark.parametrize("form", sorted(RENDERERS.keys() - {"json"}))  # a saved plan is read by programs alone
@given(seed=seeds, pool=pools)
def test_no_format_lets_a_control_or_direction_character_through(form, seed, pool):
    lines = rendered(form, seed, pool).removeprefix("\ufeff")
    assert [char for char in lines if is_unsafe(char) and char != "\n"] == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_prose_reads_back_as_the_text_itself(payload):
    page = markdown_to_html(f"x {prose(payload)}")
    assert set(elements(page)) == {"#document", "html", "head", "body", "p"}
    shown = visible(payload.strip())
    assert text(page).replace("\u200b", "").strip() == f"x {shown}"[:302].strip() or len(shown) > 300


@pytest.mark.parametrize("payload", PAYLOADS)
def test_code_reads_back_as_the_text_itself(payload):
    page = markdown_to_html(f"x {code(payload)}")
    shown = visible(payload.strip())
    assert elements(page)["code"] == 1
    assert text(page, without=("p",)) == text(page, without=("code", "p"))
    assert [node.children[0].data for node in nodes(page) if node.name == "code"] == [shown] or len(shown) > 300


@given(texts)
def test_a_marker_stays_one_comment(key):
    page = markdown_to_html(marker(key))
    assert elements(page) == elements("<!-- x -->")


def test_markers_of_two_keys_differ():
    assert len({marker(), marker("a"), marker("b"), marker("a-b"), marker("a--b")}) == 5
