"""A real Chromium before a portal that listens: pages are opened, filled in, measured, and checked by axe.

`served` gives a portal on a loopback port; `served.tab(...)` a tab of its own browser, on a desk or on a phone. Set
FLEXSYNC_SHOTS to a folder and every `shot` is kept there, to be looked at.
"""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from flexsync.clock import FixedClock
from flexsync.state import Person
from flexsync.store.sql import open_store
from tests.support.web import PASSWORD, Web, opened

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(__file__).parents[1] / "assets" / "vendor" / "axe-4.14.1.min.js"
DESK, PHONE = (1280, 900), (390, 844)
#: Milliseconds for a page on a busy machine.
_PATIENCE = 180_000
#: Chromium may talk to nobody but us.
_ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")


@dataclass(frozen=True)
class Tab:
    """A page of a browser. `heard` is what it wrote on its console; `elsewhere` what it asked of other hosts."""

    page: Any
    url: str
    heard: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def open(self, path: str) -> "Tab":
        """Go to a path of the portal."""
        self.page.goto(self.url + path)
        return self

    @property
    def path(self) -> str:
        """Where the tab is."""
        return self.page.url.removeprefix(self.url)

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.inner_text("body")

    def fill(self, **fields: str) -> "Tab":
        """Type into fields by name."""
        for name, value in fields.items():
            self.page.fill(f'[name="{name}"]', value)
        return self

    def press(self, button: str) -> "Tab":
        """Press a button by its words, and wait for the next page."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).first.click()
        return self

    def sign_in(self, person: Person, password: str = PASSWORD) -> "Tab":
        """Sign in as somebody."""
        self.open("/sign-in").fill(email=person.email, password=password)
        with self.page.expect_navigation():
            self.page.press('[name="password"]', "Enter")
        return self

    def findings(self) -> list[str]:
        """What axe finds that is serious or critical: rule, and where.

        The policy of the page lets no script in; through the debugger it comes all the same.
        """
        self.page.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
        result = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        grave = [one for one in result["violations"] if one["impact"] in ("serious", "critical")]
        return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in grave for node in one["nodes"]]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def shot(self, name: str) -> None:
        """Keep a picture of the whole page, when somebody wants to look."""
        folder = os.environ.get("FLEXSYNC_SHOTS")
        if folder:
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@dataclass(frozen=True)
class Served:
    """A portal that listens, and a browser to look at it."""

    web: Web
    browser: Any

    @property
    def url(self) -> str:
        return self.web.site.url

    @contextmanager
    def tab(self, size: tuple[int, int] = DESK, language: str = "fr", scripts: bool = True) -> Iterator[Tab]:
        """A tab of a browser that never was here before."""
        with tab_of(self.browser, self.url, size, language, scripts) as tab:
            yield tab


@contextmanager
def tab_of(browser: Any, url: str, size: tuple[int, int], language: str = "fr", scripts: bool = True) -> Iterator[Tab]:
    """A tab for pages below `url`."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale=language, java_script_enabled=scripts
    )
    context.set_default_timeout(_PATIENCE)
    tab = Tab(context.new_page(), url)
    tab.page.on("console", lambda message: tab.heard.append(message.text))
    tab.page.on("pageerror", lambda error: tab.heard.append(str(error)))
    tab.page.on("request", lambda request: _note(tab, request.url))
    yield tab
    context.close()


def _note(tab: Tab, url: str) -> None:
    if not url.startswith((tab.url, "data:")):
        tab.elsewhere.append(url)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser, started once a module: its driver keeps an event loop in this thread as long as it lives."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed; the pages were seen by no browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_ARGUMENTS), timeout=_PATIENCE)
        yield browser
        browser.close()


@contextmanager
def listening(web: Web, door: socket.socket) -> Iterator[None]:
    """The portal of `web` on a socket that is bound already."""
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(web.app, log_level="error", access_log=False, ws="none", timeout_graceful_shutdown=10)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def served(chromium: Any, sqlite_url: str, clock: FixedClock) -> Iterator[Served]:
    """A portal with two subscriptions, which listens on a port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as door, open_store(sqlite_url, create=False, clock=clock) as store:
        web = opened(store, clock, f"http://127.0.0.1:{door.getsockname()[1]}")
        with listening(web, door):
            yield Served(web, chromium)
