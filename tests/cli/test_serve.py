"""flexsync serve as it is typed: open until a signal, and with --deliver mails leave meanwhile."""

import http.client
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from flexsync.errors import StoreUnavailable
from flexsync.workflow import beside
from flexsync.workflow.beside import delivering
from tests.support.commands import EXAMPLES
from tests.support.ports import deserted
from tests.support.posting import Box, post
from tests.support.stored import ANNE, atelier, brought

MAILS = Path(".flexsync/mail")


@pytest.fixture
def applied(flexsync):
    """The guide's example applied, as a fleet of its own in this folder; nothing is delivered yet."""
    Path("subscription.yaml").write_text((EXAMPLES / "guide" / "subscription.yaml").read_text())
    assert flexsync("apply", "--yes", "--as-of", "2013-02-15").code == 0


@pytest.fixture
def port():
    """A port that is kept for the portal."""
    with deserted() as port:
        yield port


def answer(port):
    """The status of the portal's first page, or none when nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/sign-in", headers={"Host": "127.0.0.1:8080"})
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def closed_when(seen):
    """Ends this process's server as a service manager would, as soon as `seen()`; what it came to is kept."""
    answers = []

    def watch():
        ends = time.monotonic() + 300
        while not (found := seen()) and time.monotonic() < ends:
            time.sleep(0.05)
        answers.append(found)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread, answers


@pytest.mark.parametrize("words", [(), ("--deliver",)])
def test_the_portal_is_open_until_a_signal_and_mails_leave_when_asked(applied, flexsync, port, words):
    def seen():
        found = answer(port)
        return found if not words or list(MAILS.glob("*.eml")) else None

    thread, answers = closed_when(seen)
    done = flexsync("serve", "--port", str(port), *words)
    thread.join()
    assert (done.code, answers) == (0, [200])
    assert "The portal is open at" in done.out
    assert ("sent, to .flexsync/mail" in done.out, MAILS.exists()) == (bool(words), bool(words))


@pytest.mark.parametrize(
    ("error", "told_of"),
    [
        (StoreUnavailable("The store is away."), "The store is away."),
        (
            ValueError("a secret"),
            "Delivery failed (ValueError); it goes on in 5 minutes, and `flexsync deliver` says more.",
        ),
    ],
)
def test_whatever_goes_wrong_is_told_and_outlived(error, told_of, store, tmp_path, monkeypatch):
    monkeypatch.setattr(beside, "LONGEST_PAUSE", 0)
    brought(store, atelier())
    box, told, delivered = Box(tmp_path), [], threading.Event()
    away = post(store, box.channel)
    broken = [error]

    def on_round(done):
        if broken:
            raise broken.pop()
        delivered.set()

    with delivering(away, on_round, told.append):
        assert delivered.wait(300)
    assert [str(one) for one in told] == [told_of]
    assert any(ANNE.email in name.name for name in tmp_path.rglob("*.eml"))


def test_a_mail_that_hangs_does_not_keep_the_portal_open(store, tmp_path, monkeypatch):
    monkeypatch.setattr(beside, "PATIENCE", 0.1)
    brought(store, atelier())
    begun, free = threading.Event(), threading.Event()

    def hangs(done):
        begun.set()
        free.wait(300)

    with delivering(post(store, Box(tmp_path).channel), hangs, lambda error: None):
        assert begun.wait(300)
    (hanging,) = (thread for thread in threading.enumerate() if thread.name == "delivery")
    free.set()
    hanging.join()


def test_nothing_is_said_to_be_open_when_mails_cannot_be_sent(flexsync, port):
    text = (EXAMPLES / "guide" / "subscription.yaml").read_text()
    Path("fleet/clients").mkdir(parents=True)
    Path("fleet/clients/atelier-quiroule.yaml").write_text(text)
    Path("fleet/fleet.yaml").write_text(
        "apiVersion: flexsync/v1\nkind: Fleet\nname: guide\n"
        "mail: {sender: flex@morel.example, smtp: {host: 127.0.0.1, user: flex, password_from: {env: NOT_THERE}}}\n"
    )
    assert flexsync("apply", "--yes", "-C", "fleet", "--as-of", "2013-02-15").code == 0
    done = flexsync("serve", "--deliver", "--port", str(port), "-C", "fleet")
    assert (done.code, "open at" in done.out, "NOT_THERE" in done.err) == (9, False, True)
