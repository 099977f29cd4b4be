"""A mail server that others wrote, on a port of its own and in a thread of its own; all is closed at the end."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP


@contextmanager
def listening(handler: Any, **settings: Any) -> Iterator[int]:
    """The port at which aiosmtpd gives mails to `handler`."""
    loop, spoken = asyncio.new_event_loop(), []

    def conversation() -> SMTP:
        spoken.append(SMTP(handler, hostname="mail.test", loop=loop, **settings))
        return spoken[-1]

    with socket.create_server(("127.0.0.1", 0)) as door:
        server = loop.run_until_complete(loop.create_server(conversation, sock=door))
        thread = Thread(target=loop.run_forever)
        thread.start()
        yield door.getsockname()[1]
        asyncio.run_coroutine_threadsafe(_closed(server, spoken), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _closed(server: asyncio.Server, spoken: list[SMTP]) -> None:
    """Nobody is let in any more, and whoever is in is turned out."""
    server.close()
    for one in spoken:
        if one.transport:
            one.transport.abort()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others)
