"""The guide, walked end to end by its two people: apply, mail, password, download, own space, console, launch.

In a real Chromium without scripts, in both languages, on a desk and on a phone; passwords by the keyboard alone.
"""

import socket
from pathlib import Path

import pytest

from flexsync.clock import FixedClock
from flexsync.language import words
from tests.support.browser import DESK, PHONE
from tests.support.walking import ADMINISTRATOR, MORNING, PIERRE, RELEASE, SHARED, begun

SIZES = {"desk": DESK, "phone": PHONE}
PASSWORD = "un petit tas de bois vert"


@pytest.fixture
def clock() -> FixedClock:
    """The day of the guide."""
    return FixedClock(MORNING)


class Stroll:
    """Somebody before a tab: every page walked over is measured, and kept as a picture when somebody wants to look."""

    def __init__(self, tab, name, language):
        self.tab, self.name = tab, name
        self.say = words(language, "portal").gettext
        self.console = words(language, "console").gettext

    def sees(self, step, *texts):
        page = " ".join(self.tab.text.split())
        assert [text for text in texts if " ".join(text.split()) not in page] == [], page
        assert self.tab.overflow() <= 0
        # A page that refuses is told on the console as well; a breach of its policy would be, too.
        assert [line for line in self.tab.heard if "status of 4" not in line] == []
        assert self.tab.elsewhere == []
        self.tab.shot(f"walk-{step}-{self.name}")

    def opens(self, mail):
        """Read a mail, and follow its link."""
        self.tab.page.set_content(mail)
        self.sees("0-mail")
        with self.tab.page.expect_navigation():
            self.tab.page.locator('a[href*="/link/"]').first.click()
        assert self.tab.path.startswith("/link/")

    def types(self, **fields):
        """Fill in a form and send it without a mouse."""
        keyboard = self.tab.page.keyboard
        for name, text in fields.items():
            while not self.tab.page.locator(f'input:focus[name="{name}"]').count():
                keyboard.press("Tab")
            keyboard.type(text)
        with self.tab.page.expect_navigation():
            keyboard.press("Enter")

    def presses(self, words):
        """Go to a button by the keyboard, and press it."""
        self.tab.page.get_by_role("button", name=words).first.focus()
        with self.tab.page.expect_navigation():
            self.tab.page.keyboard.press("Enter")

    def goes(self, words):
        """Follow a link by its words."""
        with self.tab.page.expect_navigation():
            self.tab.page.get_by_role("link", name=words).first.click()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_the_guide_is_walked(flexsync, tmp_path, monkeypatch, clock, chromium, size, language):
    monkeypatch.setenv("FLEX_QUIROULE_EFILING", SHARED)
    monkeypatch.setenv("FLEXSYNC_LAUNCH_PASSWORD", PASSWORD)
    with socket.create_server(("127.0.0.1", 0)) as door:
        walk = begun(flexsync, tmp_path / "guide", clock, door, language)
        applied = flexsync("apply", "--yes", "--deliver", "-C", walk.folder)
        assert (applied.code, "2 sent" in applied.out) == (0, True), applied
        with walk.serving(chromium) as served:
            with served.tab(SIZES[size], language, scripts=False) as tab:
                user(walk, Stroll(tab, f"user-{size}-{language}", language))
            with served.tab(SIZES[size], language, scripts=False) as tab:
                administrator(walk, Stroll(tab, f"admin-{size}-{language}", language))
            launched_online(walk)
        launched_offline(walk)


def user(walk, stroll):
    """Pierre: his mail, his password, his software, his space."""
    say = stroll.say
    stroll.opens(walk.mailed(PIERRE))
    path = stroll.tab.path
    stroll.sees("1-link", say("Choose your password"), PIERRE)
    stroll.types(password="quiroule2013", password_again="quiroule2013")
    assert stroll.tab.path == path
    stroll.sees("2-too-easy", say("Please correct:"))
    stroll.types(password=PASSWORD, password_again=PASSWORD)
    stroll.sees("3-welcome", say("Your account is ready: what to do next"))
    stroll.presses(say("Download my software"))
    downloads(walk, stroll)
    stroll.goes(say("My space"))
    stroll.sees("5-home", say("My software"), "Ciel Compta")
    shared_password(stroll)
    stroll.goes(say("My details"))
    stroll.sees("8-me", say("My name"))
    assert "hosted" in walk.launch(PIERRE).out
    stroll.presses(say("Switch it off for me"))
    stroll.sees("9-opted-out", say("Your choice is saved. You will get an e-mail about it."))
    stroll.presses(say("Sign out"))
    stroll.types(email=PIERRE, password=PASSWORD)
    assert stroll.tab.path == "/"
    stroll.tab.open(path)
    stroll.sees("10-link-again")


def downloads(walk, stroll):
    """The release is what lies in the folder, byte for byte."""
    stroll.sees("4-downloads", RELEASE, walk.digest)
    with stroll.tab.page.expect_download() as waiting:
        stroll.tab.page.get_by_role("button", name=stroll.say("Download %(name)s") % {"name": ""}).first.click()
    assert waiting.value.suggested_filename == RELEASE
    assert Path(waiting.value.path()).read_bytes() == walk.release


def shared_password(stroll):
    """Pierre uses the filing service: he reads its password, after typing his own."""
    stroll.goes(stroll.say("Read the shared password"))
    stroll.sees("6-service")
    stroll.types(password=PASSWORD)
    stroll.sees("7-shared", SHARED, stroll.say("Your reading it has been recorded."))


def administrator(walk, stroll):
    """Thu Mai: her mail, her password, and the console of the guide."""
    say = stroll.say
    stroll.opens(walk.mailed(ADMINISTRATOR))
    stroll.types(password=PASSWORD, password_again=PASSWORD)
    stroll.sees("1-welcome", say("Your account is ready: what to do next"))
    stroll.goes(say("My space"))
    stroll.sees("2-home", say("user accounts associated"))
    stroll.goes(say("Administrator's console"))
    stroll.sees("3-users", "Pierre Quiroule", "THU MAI PHAMI THI", stroll.console("Summary of your actions"))
    assert counters(stroll) == ["3", "2", "1"]
    for step, text in enumerate(("Connected services", "History", "Files and drift"), 4):
        stroll.goes(stroll.console(text))
        stroll.sees(f"{step}-{text.split()[-1].lower()}", stroll.console(text))
    stroll.goes(stroll.console("User accounts"))
    stroll.goes(stroll.console("Change"))
    stroll.sees("7-change")
    stroll.tab.page.go_back()
    stroll.goes(stroll.console("Create a new user"))
    stroll.sees("8-new", stroll.console("Create a user account"))
    lea = {"family_name": "Brun", "given_name": "Léa", "email": "lea@quiroule.example"}
    stroll.tab.page.check('[name="civility"][value="madame"]')
    stroll.tab.page.check('[name^="access_"]')
    stroll.tab.fill(**lea, email_again=lea["email"])
    stroll.presses(stroll.console("Prepare the change"))
    stroll.sees("9-proposed", "+++ b/subscription.yaml", "given_name: Léa")


def counters(stroll):
    """Associated, activated, to create: figures of the guide's console."""
    return stroll.tab.page.locator(".counters dd").all_inner_texts()


def launched_online(walk):
    """Data online needs Internet at each launch; who keeps his own data off needs it once."""
    first = walk.launch(ADMINISTRATOR)
    assert (first.code, "hosted" in first.out) == (0, True), first
    assert walk.launch(ADMINISTRATOR, "--offline").code == 4
    own = walk.launch(PIERRE)
    assert (own.code, "local" in own.out) == (0, True), own


def launched_offline(walk):
    """The portal is gone."""
    assert walk.launch(PIERRE).code == 9
    assert walk.launch(PIERRE, "--offline").code == 0
    assert walk.launch(ADMINISTRATOR, "--offline").code == 4
