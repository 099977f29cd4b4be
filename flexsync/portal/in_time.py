"""Connections that have to say what they want in time: who opens one and sends nothing, or little by little, loses it.

In: a connection of uvicorn. Out: the same, closed when a request, head and body, is not whole in time.
"""

from asyncio import BaseTransport, TimerHandle

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

#: Seconds for a whole request, from the first moment that one is waited for.
REQUEST_WITHIN = 10.0


class InTime(H11Protocol):
    """HTTP/1.1 on one connection; how long an answer takes is not bounded here."""

    _late: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """A visitor is there; the first request is waited for."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Some of a request came; only the whole of it stops the clock."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """The visitor is gone."""
        self._stop()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._stop()
        elif self._late is None:
            self._late = self.loop.call_later(REQUEST_WITHIN, self.transport.close)

    def _stop(self) -> None:
        if self._late:
            self._late.cancel()
        self._late = None
