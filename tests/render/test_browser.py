"""The page in a real browser: nothing on the console, nothing wider than a phone. Needs chromium."""

import pytest

from flexsync.render import renderer
from tests.support.browser import PHONE, tab_of
from tests.support.hostile import hostile, hostile_view
from tests.support.parsed import markdown_to_html
from tests.support.story import VIEW, story

COMMENT = """<!doctype html><meta name="viewport" content="width=device-width">
<style>code {{ overflow-wrap: anywhere }}</style>{}"""
BOTH = pytest.mark.parametrize(
    ("plan", "view"), [(story(), VIEW), (hostile(7), hostile_view(7))], ids=["story", "hostile"]
)


@pytest.fixture
def opened(chromium, tmp_path):
    """`opened(html)`: the tab of a phone, with a page from a file."""
    with tab_of(chromium, tmp_path.as_uri(), PHONE) as tab:

        def opened(html):
            (tmp_path / "page.html").write_text(html, encoding="utf-8")
            return tab.open("/page.html")

        yield opened


def page_of(plan, view):
    return "\n".join(renderer("html")(plan, view))


@BOTH
def test_the_page_is_quiet_and_its_script_runs(opened, plan, view):
    tab = opened(page_of(plan, view))
    assert tab.page.get_by_label("Client", exact=True).get_attribute("type") == "search"
    assert (tab.heard, tab.elsewhere) == ([], [])


def test_the_page_can_be_reduced_to_a_kind_of_change(opened):
    page = opened(page_of(story(), VIEW)).page
    kinds = lambda: page.locator("li[data-kind]:not([hidden])").evaluate_all("all => all.map(one => one.dataset.kind)")  # noqa: E731
    assert len(set(kinds())) > 3
    page.get_by_label("Kind").select_option("deactivate")
    assert set(kinds()) == {"user.deactivate"}
    access = page.get_by_role("heading", name="Access per person")
    assert not access.is_visible()
    page.get_by_label("Kind").select_option("")
    assert access.is_visible()


@BOTH
def test_the_page_fits_a_phone(opened, plan, view):
    assert opened(page_of(plan, view)).overflow() <= 0


def test_the_console_is_heard(opened):
    assert opened("<script>console.log('x')</script>").heard == ["x"]


def test_the_comment_fits_a_phone(opened):
    comment = markdown_to_html("\n".join(renderer("markdown")(story(), VIEW)))
    assert opened(COMMENT.format(comment)).overflow() <= 0
