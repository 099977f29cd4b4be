"""The guide on its own day, walked by its people: files, mails, a portal that listens, and the software they start.

`begun` makes the folder; `walk.serving(chromium)` opens the portal of `flexsync serve`.
"""

import hashlib
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from flexsync.clock import FixedClock
from flexsync.secrets import Secrets
from flexsync.workflow.desk import Order, open_desk
from flexsync.workflow.serving import site_of
from tests.support.browser import Served, listening
from tests.support.commands import EXAMPLES, Done, Flexsync
from tests.support.web import Web

#: The morning on which the guide was written; its contract lasts until 2014.
MORNING = datetime(2013, 2, 15, 9, tzinfo=UTC)
ADMINISTRATOR, PIERRE = "thu-mai.phami-thi@namassepasmousse.com", "pierre.quiroule@namassepasmousse.com"
RELEASE = "compta-12.1-setup.exe"
SHARED = "belle marée de mars"


@dataclass(frozen=True)
class Walk:
    """A copy of the guide's files, and the address of the portal to be."""

    flexsync: Flexsync
    folder: Path
    clock: FixedClock
    door: socket.socket
    url: str

    @property
    def release(self) -> bytes:
        """What is to be downloaded."""
        return (self.folder / "releases" / RELEASE).read_bytes()

    @property
    def digest(self) -> str:
        """The SHA-256 of the release."""
        return hashlib.sha256(self.release).hexdigest()

    def mailed(self, email: str) -> str:
        """The one mail to somebody, as the page that a mail program shows."""
        (file,) = (self.folder / ".flexsync" / "mail").glob(f"*-{email}.eml")
        body = BytesParser(policy=policy.default).parsebytes(file.read_bytes()).get_body(("html",))
        assert body is not None
        return str(body.get_content())

    def launch(self, email: str, *words: str) -> Done:
        """What the software does when somebody starts it at the reception."""
        return self.flexsync("launch", "compta", "-u", email, "--url", self.url, "--workstation", "PC-ACCUEIL", *words)

    @contextmanager
    def serving(self, chromium: Any) -> Iterator[Served]:
        """The portal, open as long as the block lasts."""
        desk = open_desk(Order(str(self.folder)), self.clock)
        with site_of(desk, Secrets(desk.root, {}, ""), self.clock) as site:
            web = Web(site, self.clock)
            with listening(web, self.door):
                yield Served(web, chromium)


def begun(flexsync: Flexsync, folder: Path, clock: FixedClock, door: socket.socket, language: str) -> Walk:
    """The guide's files in `folder`, whose people read `language`, with a release to download."""
    url = f"http://127.0.0.1:{door.getsockname()[1]}"
    shutil.copytree(EXAMPLES / "guide", folder, ignore=shutil.ignore_patterns(".flexsync"))
    file = folder / "subscription.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"^( +)(email: .*)$", rf"\1\2\n\1language: {language}", text, flags=re.MULTILINE))
    (folder / "fleet.yaml").write_text(_FLEET.format(url=url), encoding="utf-8")
    (folder / "releases").mkdir()
    (folder / "releases" / RELEASE).write_bytes(bytes(range(256)) * 40)
    return Walk(flexsync, folder, clock, door, url)


_FLEET = """apiVersion: flexsync/v1
kind: Fleet
name: quiroule
clients: {{files: subscription.yaml}}
portal: {{url: "{url}", releases: releases}}
"""
