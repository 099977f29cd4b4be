"""flexsync launch."""

import os
import platform
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flexsync.cli import options
from flexsync.errors import Refused, WrongCommand

if TYPE_CHECKING:
    from flexsync.launcher import Kept, Launched

EPILOG = """Examples:  flexsync launch --url https://flex.morel.example -u p.martin@dupont.example compta   |
flexsync launch -u p.martin@dupont.example compta --offline"""
#: Where the password may be instead of the keyboard.
PASSWORD = "FLEXSYNC_LAUNCH_PASSWORD"  # noqa: S105 - the name of a variable
_LARGEST = 64 * 1024


@click.command("launch", epilog=EPILOG)
@click.argument("product")
@options.option("--url", default="http://127.0.0.1:8080", metavar="URL", help="Address of the portal.")
@options.option("-u", "--email", required=True, metavar="EMAIL", help="Login of the person.")
@options.option("--subscription", default="", metavar="NAME", help="Which one, for whoever uses several.")
@options.option("--installed", default="0", metavar="VERSION", help="Version that is installed.")
@options.option("--workstation", default="", metavar="NAME", help="Name of the workstation; that of the machine.")
@options.option(
    "--grant",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the grant is kept; .flexsync/grants/PRODUCT.json.",
)
@options.option("--offline", is_flag=True, help="Ask nobody: check the grant of an earlier launch.")
def command(
    product: str,
    url: str,
    email: str,
    subscription: str,
    installed: str,
    workstation: str,
    grant: Path | None,
    offline: bool,
) -> None:
    """Do what the desktop software does when somebody starts PRODUCT: ask the portal, or check the grant.

    The password is typed, or read from FLEXSYNC_LAUNCH_PASSWORD. In local mode the grant that comes back
    is kept, and lets the same person start the product on the same workstation without Internet.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", product):
        raise WrongCommand("PRODUCT is a code such as compta.")
    file = grant or Path(".flexsync") / "grants" / f"{product}.json"
    station = workstation or _machine()
    if offline:
        _offline(product, email, station, file)
        return
    asked = {"email": email, "product": product, "workstation": station, "version": installed}
    _online(url, {**asked, **({"subscription": subscription} if subscription else {})}, file)


def _online(url: str, asked: dict[str, str], file: Path) -> None:
    from flexsync.launcher import Portal

    launched = Portal(url).launch({**asked, "password": _password()})
    _keep(launched.kept, file)
    _tell(launched, file)


def _offline(product: str, email: str, station: str, file: Path) -> None:
    from flexsync.address import email_key
    from flexsync.cli.parts import CLOCK
    from flexsync.clock import PARIS
    from flexsync.grants import Launching
    from flexsync.launcher import check_offline

    until = check_offline(_kept(file), Launching(product, email_key(email), station), CLOCK.now())
    click.echo(f"Launch {product}: offline, until {until.astimezone(PARIS):%Y-%m-%d %H:%M} in Paris.")


def _tell(launched: "Launched", file: Path) -> None:
    from flexsync.text import shorten

    answer = launched.answer
    newest = answer.get("newest") or {}
    mode = "hosted: Internet at each launch" if answer.get("internet_required") else "local"
    click.echo(
        f"Launch {shorten(str(answer.get('product')))} of {shorten(str(answer.get('subscription')))}: data {mode}."
    )
    if newest.get("update"):
        click.echo(f"Version {shorten(str(newest.get('version')))} is there.")
    if launched.kept:
        click.echo(f"Without Internet until {shorten(str(answer.get('grant_expires_at')))}; kept in {file}.")


def _password() -> str:
    if PASSWORD in os.environ:
        return os.environ[PASSWORD]
    if not sys.stdin.isatty():
        raise WrongCommand(f"There is no terminal to type the password on; set {PASSWORD}.")
    return str(click.prompt("Password", hide_input=True))


def _machine() -> str:
    """The name of this machine in the letters that a workstation may have."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", platform.node()).strip("-._")[:63]
    return name or "workstation"


def _keep(kept: "Kept | None", file: Path) -> None:
    """Keep the grant, or forget the one of before: data that went online needs Internet at each launch."""
    from flexsync.launcher import kept_text
    from flexsync.paths import reason

    try:
        if kept is None:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(kept_text(kept), encoding="utf-8")
    except OSError as error:
        raise Refused(f"The grant cannot be kept in {file}: {reason(error)}.") from error


def _kept(file: Path) -> "Kept":
    from flexsync.launcher import kept_from
    from flexsync.paths import opened, reason

    try:
        with opened(file) as content:
            return kept_from(content.read(_LARGEST))
    except OSError as error:
        raise Refused(f"There is no grant in {file} ({reason(error)}). Launch once with Internet.") from error
