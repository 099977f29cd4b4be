"""The portal behind another server, as `flexsync serve` opens it: who asks, and how long that may take."""

import asyncio
import http.client
import json
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
import uvicorn
from sqlalchemy import select

from flexsync.acts.signing import subject_of_address
from flexsync.cli.serve import config
from flexsync.portal import in_time
from flexsync.store.tables_portal import attempt
from tests.support.stored import PAUL

HOST = "flex.dupont.example"
#: Loopback is believed; its other addresses stand for servers elsewhere.
FRONT, SECOND, STRANGER = "127.0.0.2", "127.0.0.6", "127.0.0.9"
WRONG = {"email": PAUL.email, "password": "not it", "product": "compta", "workstation": "poste-1", "version": "1.0"}


def opened(site, *front):
    """The port of a portal; it closes at the end."""
    return listening(config(site, front))


@contextmanager
def listening(settings):
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            thread.join(0.02)
        yield door.getsockname()[1]
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def site(sqlite_web):
    return replace(sqlite_web.site, url=f"https://{HOST}")


def ask(port, source, *chain):
    """A launch with a wrong password, from an address of this machine; each of `chain` is a header."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(source, 0))
    body = json.dumps(WRONG).encode()
    connection.putrequest("POST", "/api/v1/launch", skip_host=True)
    headers = {"Host": HOST, "Content-Type": "application/json", "Content-Length": str(len(body))}
    for name, value in [*headers.items(), *(("X-Forwarded-For", one) for one in chain)]:
        connection.putheader(name, value)
    connection.endheaders(body)
    status = connection.getresponse().status
    connection.close()
    return status


def counted(site, *addresses):
    """Those of `addresses` that a try was counted for; nothing else was."""
    mine = select(attempt.c.subject).where(attempt.c.kind == "address")
    subjects = set(site.store.read(lambda connection: list(connection.scalars(mine))))
    found = {one for one in addresses if subject_of_address(site, one) in subjects}
    assert len(found) == len(subjects)
    return found


@pytest.mark.parametrize(
    ("source", "chain", "who"),
    [
        ("127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        (FRONT, ["203.0.113.7"], "203.0.113.7"),
        (FRONT, ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (FRONT, ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
        (FRONT, [f"198.51.100.1, 203.0.113.7, {SECOND}"], "203.0.113.7"),
        (FRONT, ["2001:db8::7"], "2001:db8::7"),
        (FRONT, [], FRONT),
        (STRANGER, ["203.0.113.7"], STRANGER),
        (STRANGER, [f"203.0.113.7, {FRONT}"], STRANGER),
    ],
)
def test_tries_are_counted_for_whom_a_server_in_front_names(site, source, chain, who):
    with opened(site, f"{FRONT}/32", "127.0.0.4/30") as port:
        assert ask(port, source, *chain) == 401
    assert counted(site, "203.0.113.7", "198.51.100.1", "2001:db8::7", FRONT, SECOND, STRANGER, "127.0.0.1") == {who}


def test_a_server_in_front_that_nobody_named_is_a_visitor(site):
    with opened(site) as port:
        ask(port, FRONT, "203.0.113.7")
        ask(port, FRONT, "203.0.113.8")
    assert counted(site, FRONT, "203.0.113.7", "203.0.113.8") == {FRONT}


@pytest.mark.parametrize("front", ["10.0.0.0/8", "192.0.2.7", "fd00::/8", "2001:db8::1"])
def test_networks_in_front_are_read(flexsync, tmp_path, front):
    assert checked(flexsync, tmp_path, front).code == 0


@pytest.mark.parametrize(
    ("front", "told"),
    [
        ("10.0.0.1/8", "an address in 10.0.0.0/8"),
        ("300.0.0.0/8", "this is none"),
        ("10.0.0.0/33", "this is none"),
        ("0.0.0.0/0", "every address there is"),
        ("::/0", "every address there is"),
        ("proxy", "expected a network such as 10.0.0.0/8"),
        ("10.0.0.0/", "expected a network such as 10.0.0.0/8"),
    ],
)
def test_what_is_no_network_is_told_with_its_place(flexsync, tmp_path, front, told):
    done = checked(flexsync, tmp_path, front)
    assert done.code == 3
    assert "fleet.yaml:6:11" in done.out
    assert told in done.out


def checked(flexsync, folder, front):
    (folder / "fleet.yaml").write_text(
        f'apiVersion: flexsync/v1\nkind: Fleet\nname: firm\nportal:\n  url: https://{HOST}\n  front: ["{front}"]\n'
    )
    return flexsync("validate", "-C", str(folder))


HALF = b"POST /sign-in HTTP/1.1\r\nHost: flex.dupont.example\r\n"
WHOLE = b"GET /nowhere HTTP/1.1\r\nHost: flex.dupont.example\r\n\r\n"


@pytest.mark.parametrize("sent", [b"", HALF, HALF + b"Content-Length: 9\r\n\r\nform", WHOLE + HALF], ids=len)
def test_who_does_not_finish_a_request_loses_the_connection(site, monkeypatch, sent):
    monkeypatch.setattr(in_time, "REQUEST_WITHIN", 1.5)
    with opened(site) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(sent)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert (b"404" in received) == sent.startswith(WHOLE)


def test_dribbling_buys_no_time(site, monkeypatch):
    monkeypatch.setattr(in_time, "REQUEST_WITHIN", 1.5)
    with opened(site) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(HALF)
        with pytest.raises(ConnectionError):
            for _ in range(600):
                connection.sendall(b"X-Slow: 1\r\n")
                time.sleep(0.05)


def test_an_answer_may_take_longer_than_a_request(monkeypatch):
    monkeypatch.setattr(in_time, "REQUEST_WITHIN", 1.5)

    async def thinking(scope, receive, send):
        await asyncio.sleep(2)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    with (
        listening(uvicorn.Config(thinking, http=in_time.InTime, lifespan="off", log_level="error")) as port,
        socket.create_connection(("127.0.0.1", port), timeout=30) as connection,
    ):
        connection.sendall(WHOLE)
        assert connection.recv(65536).startswith(b"HTTP/1.1 204")
