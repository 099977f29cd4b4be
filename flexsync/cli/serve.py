"""flexsync serve."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import click

from flexsync.cli import options
from flexsync.errors import StoreUnavailable
from flexsync.text import visible

if TYPE_CHECKING:
    from socket import socket

    from uvicorn import Config, Server

    from flexsync.acts.site import Site
    from flexsync.workflow.desk import Desk

#: Whose word on the visitor's address is always taken.
LOOPBACK = ("127.0.0.1", "::1")
#: Connections held at the same time; more are turned away at once, so that nobody waits behind a flood.
MOST_AT_ONCE = 64
#: Connections that may wait to be taken in.
WAITING = 2048


@click.command("serve", epilog="Examples:  flexsync serve   |   flexsync serve --deliver -C examples/guide")
@options.fleet
@options.store
@options.option("--host", default="127.0.0.1", metavar="HOST", help="Address to listen on.  [default: 127.0.0.1]")
@options.option(
    "--port", type=click.IntRange(1, 65535), default=8080, metavar="PORT", help="Port to listen on.  [default: 8080]"
)
@options.option("--deliver", "deliver_too", is_flag=True, help="Also send mails, as `flexsync deliver --watch` does.")
def command(fleet: str, store: str, host: str, port: int, deliver_too: bool) -> None:
    """Open the portal: links of mails, people's own space, the administrator's console, the launch check.

    Its address is portal.url of the fleet file; a request for any other host is refused. It runs until SIGTERM.
    Mails leave with --deliver, or with `flexsync deliver --watch` beside it.
    """
    from flexsync.cli.parts import CLOCK, desk_of, secrets_of
    from flexsync.workflow.serving import leads_elsewhere, refuse_open_door, refuse_without_portal, site_of

    refuse_without_portal()
    desk = desk_of(options.Files(fleet), store)
    refuse_open_door(desk.portal.url, host)
    if leads_elsewhere(desk.portal.url, port):
        click.echo(
            f"Links lead to {desk.portal.url}, not to port {port}, where requests are refused: "
            f'set portal: {{url: "http://127.0.0.1:{port}"}} in the fleet file.',
            err=True,
        )
    with site_of(desk, secrets_of(desk), CLOCK) as site, _door(host, port) as door:
        server = _server(site, desk.portal.front)
        with _delivery(desk) if deliver_too else nullcontext():
            click.echo(f"The portal is open at {site.url} (listening on {host} port {port}; Ctrl+C closes it)")
            _run(server, door)


@contextmanager
def _delivery(desk: "Desk") -> Iterator[None]:
    """Mails on their way while the portal is open."""
    from flexsync.cli.deliver import teller
    from flexsync.cli.output import tell
    from flexsync.cli.parts import CLOCK, secrets_of
    from flexsync.workflow.beside import delivering
    from flexsync.workflow.delivering import post_of

    with post_of(desk, secrets_of(desk), CLOCK) as post, delivering(post, teller(desk), tell):
        yield


def _door(host: str, port: int) -> "socket":
    """Where visitors come in, taken before anybody is told that it is open."""
    from socket import AF_INET, AF_INET6, create_server

    from flexsync.paths import reason

    try:
        return create_server((host, port), family=AF_INET6 if ":" in host else AF_INET, backlog=WAITING)
    except OSError as error:
        why = reason(error).partition(" (while")[0]
        raise StoreUnavailable(
            f"The portal cannot listen on {visible(host)} port {port}: {why}. Choose another --port or --host."
        ) from None


def _server(site: "Site", front: Sequence[str]) -> "Server":
    import uvicorn

    return uvicorn.Server(config(site, front))


def _run(server: "Server", door: "socket") -> None:
    from flexsync.workflow.interrupting import interruptible

    # The server hears the signal first and, once it is closed, hands it on: what runs beside it then ends well, too.
    with interruptible():
        server.run(sockets=[door])


def config(site: "Site", front: Sequence[str]) -> "Config":
    """No access log: paths of links are secrets. Behind TLS, the servers in `front` say who asks, and nobody else.

    Of a chain of addresses the last that is no server in front counts: whoever asks can write those before it.
    """
    import uvicorn

    from flexsync.portal.app import app
    from flexsync.portal.in_time import InTime

    return uvicorn.Config(
        app(site),
        http=InTime,
        access_log=False,
        log_level="error",
        server_header=False,
        proxy_headers=site.secure,
        forwarded_allow_ips=[*LOOPBACK, *front],
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=2,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=32 * 1024,
        ws="none",
    )
