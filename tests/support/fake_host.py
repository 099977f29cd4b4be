"""A small GitHub and a small GitLab on the loopback, in this process, with a memory and a temper.

`troubles` are answered first, one a request: a status with headers, or `drop` to break the connection
after the request was carried out.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

BOT = "github-actions[bot]"
TOKEN = "token-of-a-test"


@dataclass
class FakeHost:
    """What is there, and what was asked."""

    address: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[Any] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    longest: int = 65_536

    def said(self, body: str, by: str = BOT, user: int = 7) -> None:
        """Somebody wrote a comment."""
        self._write(body, by, user)

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
        """Status and JSON."""
        words = path.strip("/").split("/")
        return self._gitlab(method, words, query, body) if words[0] in {"projects", "user"} else self._github(
            method, words, query, body
        )  # fmt: skip

    def _write(self, body: str, by: str, user: int) -> dict[str, Any]:
        one = {"id": 100 + len(self.comments), "body": body, "user": {"login": by}, "author": {"id": user}}
        self.comments.append(one)
        return one

    def _github(self, method: str, words: list[str], query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:  # noqa: PLR0911
        assert words[:3] == ["repos", "firm", "clients"], words
        match method, words[3:]:
            case "GET", ["pulls"]:
                found = [one for one in self.pulls if one["head"]["label"] == query["head"] and one["open"]]
                return 200, _page(found, query)
            case "GET", ["pulls", number]:
                return 200, next(one for one in self.pulls if one["number"] == int(number))
            case "GET", ["issues", _, "comments"]:
                return 200, _page(self.comments, query)
            case "POST", ["issues", _, "comments"]:
                return self._taken(body["body"]) or (201, self._write(body["body"], BOT, 7))
            case "PATCH", ["issues", "comments", number]:
                return self._taken(body["body"]) or (200, self._rewrite(number, body["body"]))
            case "GET", ["issues", _, "labels"]:
                return 200, _page([{"name": name} for name in self.labels], query)
            case "POST", ["issues", _, "labels"]:
                self.labels += body["labels"]
                return 200, []
            case "DELETE", ["issues", _, "labels", name]:
                if unquote(name) not in self.labels:
                    return 404, {}
                self.labels.remove(unquote(name))
                return 200, []
        return 404, {}

    def _gitlab(self, method: str, words: list[str], query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:  # noqa: PLR0911
        match method, words:
            case "GET", ["user"]:
                return 200, {"id": 7}
            case "GET", ["projects", "4", "merge_requests", "12"]:
                return 200, {"sha": "c" * 40, "labels": self.labels}
            case "PUT", ["projects", "4", "merge_requests", "12"]:
                gone = set(body["remove_labels"].split(","))
                self.labels = [name for name in self.labels if name not in gone]
                self.labels += filter(None, body["add_labels"].split(","))
                return 200, {}
            case "GET", ["projects", "4", "merge_requests", "12", "notes"]:
                return 200, _page(self.comments, query)
            case "POST", ["projects", "4", "merge_requests", "12", "notes"]:
                return 201, self._write(body["body"], BOT, 7)
            case "PUT", ["projects", "4", "merge_requests", "12", "notes", number]:
                return 200, self._rewrite(number, body["body"])
        return 404, {}

    def _taken(self, body: str) -> tuple[int, Any] | None:
        return (422, {"message": "body is too long"}) if len(body) > self.longest else None

    def _rewrite(self, number: str, body: str) -> dict[str, Any]:
        one = next(one for one in self.comments if one["id"] == int(number))
        one["body"] = body
        return one


@contextmanager
def serving(host: FakeHost) -> Iterator[FakeHost]:
    """`host` at an address of the loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(host))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    host.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _page(items: list[Any], query: dict[str, str]) -> list[Any]:
    size = int(query["per_page"])
    start = (int(query["page"]) - 1) * size
    return items[start : start + size]


def _handler(host: FakeHost) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            parts = urlsplit(self.path)
            host.asked.append(f"{self.command} {parts.path}")
            host.tokens.update(filter(None, (self.headers["Authorization"], self.headers["PRIVATE-TOKEN"])))
            content = self.rfile.read(int(self.headers["Content-Length"] or 0))
            trouble = host.troubles.pop(0) if host.troubles else None
            if isinstance(trouble, tuple):
                self._send(trouble[0], b"{}", trouble[1])
                return
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            status, answer = host.answer(self.command, parts.path, query, json.loads(content or b"{}"))
            if trouble == "drop":
                self.close_connection = True
                return
            self._send(status, trouble if isinstance(trouble, bytes) else json.dumps(answer).encode(), {})

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_one

        def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    return Handler
