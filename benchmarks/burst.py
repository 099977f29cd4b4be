"""More sign-ins than one process can check: does it stay up, and can people still use it?

python -m benchmarks.burst [--rate 200] [--seconds 10] [--addresses 200]

The server is a process of its own; sign-ins come from many addresses of the loopback network (Linux), while
somebody looks at a page ten times a second.
"""

import argparse
import asyncio
import json
import os
import socket
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median, quantiles

import uvicorn

from benchmarks.people import PASSWORD, Bench, bench, email
from flexsync.acts.signing import Attempt, sign_in
from flexsync.cli.serve import MOST_AT_ONCE
from flexsync.portal.app import app
from flexsync.store import attempts

PEOPLE = tuple(f"p{number}" for number in range(50))


def main() -> None:
    """Offer a burst, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=200, help="sign-ins a second")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--addresses", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(2048)
        port = listening.getsockname()[1]
        made = bench(Path(folder), f"http://127.0.0.1:{port}", PEOPLE)
        server = _serve(made, listening)
        try:
            answers, pages = asyncio.run(_burst(port, asked))
            _show(made, asked, answers, pages, _peak_mib(server))
        finally:
            os.kill(server, 15)
            os.waitpid(server, 0)


def _serve(made: Bench, listening: socket.socket) -> int:
    """The id of a process that serves `made`."""
    child = os.fork()
    if child == 0:
        made.store.engine.dispose(close=False)
        config = uvicorn.Config(
            app(made.site),
            log_config=None,
            lifespan="off",
            backlog=2048,
            limit_concurrency=MOST_AT_ONCE,
            log_level="critical",
        )
        uvicorn.Server(config).run(sockets=[listening])
        os._exit(0)
    return child


async def _burst(port: int, asked: argparse.Namespace) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Status and seconds of every sign-in and of every page."""
    await _ask(port, "127.0.0.1", "GET", "/sign-in")
    start, total = time.perf_counter(), asked.rate * asked.seconds
    pages = asyncio.create_task(_look(port, start + asked.seconds))
    signing = []
    for number in range(total):
        await asyncio.sleep(max(0, start + number / asked.rate - time.perf_counter()))
        address = f"127.1.{number % asked.addresses // 250}.{number % asked.addresses % 250 + 1}"
        signing.append(asyncio.create_task(_ask(port, address, "POST", "/api/v1/launch", _body(number))))
    return await asyncio.gather(*signing), await pages


def _body(number: int) -> bytes:
    """One in ten is somebody real with the right password, the others guess at one account each."""
    name = PEOPLE[number // 10 % len(PEOPLE)] if number % 10 == 0 else f"guess{number}"
    if number % 10 == 1:
        name = "known"
    password = PASSWORD if number % 10 == 0 else "wrong horse battery"
    asked = {"email": email(name), "password": password, "product": "compta", "workstation": "PC", "version": "12.1"}
    return json.dumps(asked).encode()


async def _look(port: int, end: float) -> list[tuple[int, float]]:
    found = []
    while time.perf_counter() < end:
        found.append(await _ask(port, "127.0.0.1", "GET", "/sign-in"))
        await asyncio.sleep(0.1)
    return found


async def _ask(port: int, address: str, method: str, path: str, body: bytes = b"") -> tuple[int, float]:
    """Status (0 when the connection failed) and seconds of one request."""
    start = time.perf_counter()
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
        writer.write(head.encode() + body)
        answer = await asyncio.wait_for(reader.read(), 60)
        writer.close()
        return int(answer.split(b" ", 2)[1]), time.perf_counter() - start
    except (OSError, TimeoutError, IndexError):
        return 0, time.perf_counter() - start


def _show(made: Bench, asked: argparse.Namespace, answers: list, pages: list, peak: int) -> None:
    print(f"offered: {len(answers)} sign-ins in {asked.seconds} s from {asked.addresses} addresses")
    for status, count in sorted(Counter(status for status, _ in answers).items()):
        print(f"  {status}: {count:5}  {_times([spent for one, spent in answers if one == status])}")
    print(f"pages: {len(pages)}, {Counter(status for status, _ in pages)}  {_times([spent for _, spent in pages])}")
    print(f"peak memory of the server: {peak} MiB")
    subject, now = made.site.keys.subject("account", email("known")), made.site.now()
    rows = made.store.read(lambda connection: connection.execute(attempts.attempt.select()).all())
    waits = [(row.blocked_until - now).total_seconds() for row in rows if row.subject == subject]
    print(f"the account that was guessed at waits {max(0, *waits, 0):.0f} s, and at most {attempts.PAUSE}")
    fresh = sign_in(made.site, Attempt(email("admin"), PASSWORD, "192.0.2.9"))
    free = sign_in(made.site, Attempt(email(PEOPLE[0]), PASSWORD, "192.0.2.9"))
    print(f"somebody else signs in at once: {bool(free)}; without a password: {bool(fresh)}")


def _times(spent: list[float]) -> str:
    if len(spent) < 2:
        return ""
    middle, late, last = (seconds * 1000 for seconds in (median(spent), quantiles(spent, n=20)[-1], max(spent)))
    return f"median {middle:.0f} ms, p95 {late:.0f} ms, max {last:.0f} ms"


def _peak_mib(process: int) -> int:
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
