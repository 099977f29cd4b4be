"""Visit: one request as a page sees it, and the answers that pages give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from flexsync.acts.signing import Attempt, Present
from flexsync.acts.site import Site
from flexsync.portal import cookies, speech
from flexsync.portal.forms import TOKEN, Form
from flexsync.store.logins import Login
from flexsync.store.sessions import Session


@dataclass(frozen=True)
class Visit:
    """A request, with who made it. `form` is empty of a GET; `done` names what was just done, to be said."""

    site: Site
    request: Request = field(repr=False)
    present: Present | None
    language: str
    form: Form = field(default_factory=dict, repr=False)

    @property
    def path(self) -> str:
        """The path that was asked for."""
        return self.request.url.path

    @property
    def login(self) -> Login:
        """The account of who is signed in; pages of visitors and operators must not ask."""
        if self.present is None or self.present.login is None:
            raise HTTPException(404)
        return self.present.login

    @property
    def session(self) -> Session:
        """The session of who is signed in."""
        if self.present is None:
            raise HTTPException(404)
        return self.present.session

    @property
    def operator(self) -> str:
        """The name of the operator; pages of others must not ask."""
        if self.present is None or not self.present.operator:
            raise HTTPException(404)
        return self.present.operator

    @property
    def subscription(self) -> str:
        """The subscription of the path, to which the person is known to belong."""
        return self.part("subscription")

    def part(self, name: str) -> str:
        """A part of the path; empty when it has none of that name."""
        return str(self.request.path_params.get(name, ""))

    def asked(self, name: str) -> str:
        """A part of the query, of at most 200 characters."""
        return self.request.query_params.get(name, "")[:200].replace("\x00", "\ufffd")

    @property
    def address(self) -> str:
        """The network address that the request came from."""
        return self.request.client.host if self.request.client else ""

    def cookie(self, name: str) -> str:
        """The value of one of our cookies."""
        return cookies.read(self.request, name, secure=self.site.secure)

    def attempt(self, name: str, password: str, session: str) -> Attempt:
        """Somebody who types a password; `session` is the name of the cookie that it may replace."""
        return Attempt(name, password, self.address, self.cookie(session))

    @cached_property
    def _visitor(self) -> tuple[str, bool]:
        """What the browser of a visitor is known by, and whether it is new."""
        from flexsync.store.sessions import new_cookie

        known = self.cookie(cookies.FORM)
        return (known, False) if known else (new_cookie(), True)

    @property
    def token(self) -> str:
        """What a form has to carry: of the session, or of the browser when nobody is signed in."""
        return self.present.session.csrf if self.present else self.site.keys.subject("form", self._visitor[0])

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page. Its template knows the visit, and says `done` when something was just done."""
        known = {"visit": self, "path": self.path, "done": self.asked("done"), "token_name": TOKEN}
        response = HTMLResponse(speech.page(template, self.language, {**known, "errors": {}, **values}), status)
        if self.present is None and self._visitor[1]:
            cookies.put(response, cookies.FORM, self._visitor[0], secure=self.site.secure)
        return response

    def go(self, path: str, done: str = "") -> Response:
        """Send the browser to another page of ours, which says what was `done`."""
        return RedirectResponse(f"{path}?{urlencode({'done': done})}" if done else path, 303)

    def put(self, response: Response, name: str, value: str) -> Response:
        """`response` with one of our cookies; without it, when the value is empty."""
        if value:
            cookies.put(response, name, value, secure=self.site.secure)
        else:
            cookies.drop(response, name, secure=self.site.secure)
        return response

    def say(self, text: str) -> str:
        """A text of ours in the language of the page."""
        return speech.spoken(self.language).gettext(text)

    def errors(self, **texts: str) -> Mapping[str, str]:
        """What is wrong by field, in the language of the page."""
        return {name: self.say(text) for name, text in texts.items()}
