"""The page in a real browser: nothing on the console, nothing wider than a phone. Needs chromium."""

import re
import shutil
import subprocess

import pytest

from flexsync.render import renderer
from tests.support.hostile import hostile, hostile_view
from tests.support.parsed import markdown_to_html
from tests.support.story import VIEW, story

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-logging=stderr")
MEASURE = "<script>document.title = document.documentElement.scrollWidth + '/' + innerWidth</script>"
SIFT = """<script>
kind.value = '%s';
kind.dispatchEvent(new Event('input'));
document.title = [...document.querySelectorAll('li[data-kind]:not([hidden])')].map(one => one.dataset.kind).join(' ');
</script>"""
PHONE = '<!doctype html><meta name="viewport" content="width=device-width"><style>code {{ overflow-wrap: anywhere }}'
PHONE_COMMENT = f"{PHONE}</style>{{}}"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed; the page was seen by no browser")


def page_of(plan, view):
    return "\n".join(renderer("html")(plan, view))


def opened(html, folder):
    """The page as the browser has it after loading, and what it wrote on its console."""
    file = folder / "page.html"
    file.write_text(html, encoding="utf-8")
    command = [
        CHROMIUM,
        *QUIET,
        f"--user-data-dir={folder / 'profile'}",
        "--window-size=390,844",
        "--dump-dom",
        file.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout, re.findall(r"CONSOLE.*", done.stderr)


def width_of(html, folder):
    """Width of the content and of the window, the page's own policy set aside so that a script may measure."""
    bare = re.sub(r"<meta http-equiv[^>]*>", "", html).replace("</body>", f"{MEASURE}</body>")
    dom, _ = opened(bare if "</body>" in html else html + MEASURE, folder)
    wide, window = re.search(r"<title>(\d+)/(\d+)</title>", dom).groups()
    return int(wide), int(window)


@pytest.mark.parametrize(("plan", "view"), [(story(), VIEW), (hostile(7), hostile_view(7))], ids=["story", "hostile"])
def test_the_page_is_quiet_and_its_script_runs(plan, view, tmp_path):
    dom, console = opened(page_of(plan, view), tmp_path)
    assert console == []
    assert '<label>Client <input type="search"' in dom


def left_by(choice, folder):
    """The kinds that the page still shows, of all that it speaks of, after somebody chose one."""
    page = re.sub(r"<meta http-equiv[^>]*>", "", page_of(story(), VIEW)).replace("</body>", f"{SIFT % choice}</body>")
    dom, _ = opened(page, folder)
    return set(re.search(r"<title>(.*)</title>", dom)[1].split())


def test_the_page_can_be_reduced_to_a_kind_of_change(tmp_path):
    assert len(left_by("", tmp_path)) > 3
    assert left_by("user.deactivate", tmp_path) == {"user.deactivate"}


@pytest.mark.parametrize(("plan", "view"), [(story(), VIEW), (hostile(7), hostile_view(7))], ids=["story", "hostile"])
def test_the_page_fits_a_phone(plan, view, tmp_path):
    wide, window = width_of(page_of(plan, view), tmp_path)
    assert wide <= window <= 500


def test_the_console_is_heard(tmp_path):
    assert opened("<script>console.log('x')</script>", tmp_path)[1]


def test_the_comment_fits_a_phone(tmp_path):
    comment = markdown_to_html("\n".join(renderer("markdown")(story(), VIEW)))
    wide, window = width_of(PHONE_COMMENT.format(comment), tmp_path)
    assert wide <= window
