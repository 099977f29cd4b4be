"""What the desktop software does at each launch, as an example that works: ask the portal, or check the grant.

In: the address of the portal and who launches what. Out: a Launched, or a Refused that says why not. It follows no
redirect and sends the password to that address alone; what it keeps is the grant and the public key, no secret.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from flexsync.errors import Refused, StoreUnavailable, WrongCommand
from flexsync.grants import BadGrant, Launching, opened, public_key, refusal
from flexsync.text import shorten, visible

TIMEOUT = 30
_LARGEST = 64 * 1024
_LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays on the workstation after a launch in local mode. Software that is sold has `key` built in."""

    grant: str
    key: str


@dataclass(frozen=True, slots=True)
class Launched:
    """A launch that goes on: what the portal answered, and what to keep of it, None when nothing is."""

    answer: Mapping[str, Any]
    kept: Kept | None


class Portal:
    """The interface at one address. Raises StoreUnavailable when it is not there, Refused when it says no."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if not secure or not parts.hostname or parts.username or parts.query or parts.path not in ("", "/"):
            raise WrongCommand(
                "The address of the portal is like https://flex.morel.example; http:// is for this machine alone."
            )
        self._parts = parts

    def launch(self, asked: Mapping[str, str]) -> Launched:
        """Ask whether `asked`, the body of POST /launch, may go on."""
        answer = self._call("POST", "launch", asked)
        grant = answer.get("grant")
        return Launched(answer, Kept(str(grant), str(self._call("GET", "key")["public_key"])) if grant else None)

    def _call(self, method: str, path: str, body: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            status, content = self._exchange(method, path, body)
            answer = json.loads(content)
        except (OSError, HTTPException, ValueError, RecursionError):
            raise StoreUnavailable(
                f"No portal answers at {visible(self._parts.geturl())}. Another one: --url; without Internet, a grant "
                "of an earlier launch helps: --offline."
            ) from None
        if status == 200 and isinstance(answer, dict):
            return answer
        raise _refused(status, answer if isinstance(answer, dict) else {})

    def _exchange(self, method: str, path: str, body: Mapping[str, str] | None) -> tuple[int, bytes]:
        made = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        connection = made(self._parts.hostname or "", self._parts.port, timeout=TIMEOUT)
        try:
            content = json.dumps(body).encode() if body else None
            connection.request(method, f"/api/v1/{path}", content, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, response.read(_LARGEST)
        finally:
            connection.close()


def _refused(status: int, answer: Mapping[str, Any]) -> Refused | StoreUnavailable:
    told = shorten(str(answer.get("message") or f"The portal answered {status}."), 300)
    told += _listed("Look at", answer.get("fields")) + _listed("Your subscriptions", answer.get("subscriptions"))
    return StoreUnavailable(told) if status in (429, 503) else Refused(told)


def _listed(title: str, entries: object) -> str:
    """A sentence with the first of `entries`, names or objects that say their `field`; none without any."""
    if not isinstance(entries, list) or not entries:
        return ""
    names = [one.get("field") if isinstance(one, dict) else one for one in entries[:20]]
    return f" {title}: {', '.join(shorten(str(name)) for name in names)}."


def check_offline(kept: Kept, launching: Launching, now: datetime) -> datetime:
    """Until when `launching` may go on without Internet; raises Refused with the reason why it may not."""
    try:
        grant = opened(kept.grant, public_key(kept.key))
    except BadGrant as error:
        raise Refused(str(error)) from None
    if why := refusal(grant, launching, now):
        raise Refused(why)
    return grant.expires_at


def kept_text(kept: Kept) -> str:
    """What goes into the file of a grant."""
    return json.dumps(asdict(kept), indent=1) + "\n"


def kept_from(content: bytes) -> Kept:
    """What `kept_text` wrote; raises Refused."""
    try:
        plain = json.loads(content[:_LARGEST])
        return Kept(str(plain["grant"]), str(plain["key"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused("The file holds no grant. Launch once with Internet.") from None
