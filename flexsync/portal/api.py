"""The interface of the desktop software: the launch check, reports of dossiers, and the key of offline grants.

In: a Site. Out: an application, to be mounted at /api/v1, whose OpenAPI document names every answer. It decides
nothing; `flexsync.acts` does.
"""

from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from flexsync import __version__
from flexsync.acts.launching import Allowed, Denied, Launch, is_newer, launch
from flexsync.acts.reporting import Event, Report, report
from flexsync.acts.signing import Attempt, TooMany
from flexsync.acts.site import Site
from flexsync.catalogue import Release
from flexsync.errors import StoreUnavailable
from flexsync.grants import public_text
from flexsync.passwords import RETRY_AFTER, Busy
from flexsync.portal.api_json import Refusal, StrictRoute
from flexsync.portal.api_models import (
    Credentials,
    DossierAnswer,
    DossierRequest,
    KnownDossier,
    LaunchAnswer,
    LaunchRequest,
    Newest,
    PublicKey,
    Trouble,
    WrongField,
)

T = TypeVar("T")

_ABOUT = """What the desktop software asks at each launch, and reports of dossiers that are kept online.

Whoever is unknown, types a wrong password, has none yet or may not sign in any more gets the same answer, 401.
Whoever signs in and may not go on is told why, as a code. Guessing gets slow: 429 says when to try again."""
_MOST_FIELDS = 20

#: What every route may answer beside its own, and what each means.
_WHYS = {
    400: "The request cannot be read, is no JSON text, or is for another host.",
    401: "The e-mail or the password is wrong, or this person may not sign in, or has to wait.",
    403: "Signed in, and not allowed: no_seat, no_access, seat_ended, contract_ended.",
    408: "The body did not arrive in time.",
    409: "Signed in, and not as things are: choose_subscription, not_hosted, too_many_dossiers.",
    413: "The body is too large.",
    415: "The body is not said to be application/json.",
    422: "The body has not the form of this document.",
    429: "Too many tries from this address; Retry-After says for how long.",
    431: "The headers are too large.",
    500: "A defect of the portal.",
    503: "The portal is busy, or its store is not there; Retry-After says when to try again.",
}
_CONFLICTS = ("choose_subscription", "not_hosted", "too_many_dossiers")
#: Told before the interface is reached, by what guards the whole portal.
_GUARDED = (400, 413, 431)
_WAIT = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}}


def api(site: Site) -> FastAPI:
    """The interface of a Site."""
    made = FastAPI(
        title="flexsync",
        version=__version__,
        description=_ABOUT,
        servers=[{"url": f"{site.url}/api/v1"}],
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    made.router.route_class = StrictRoute
    _routes(made, site)
    for kind in (Refusal, RequestValidationError, HTTPException, TooMany, Busy, StoreUnavailable, Exception):
        made.add_exception_handler(kind, _told(site))
    return made


def _routes(made: FastAPI, site: Site) -> None:
    @made.post("/launch", summary="Start a product", operation_id="launch", responses=_answers())
    def launched(request: Request, asked: LaunchRequest) -> LaunchAnswer:
        """Says what the person may do, whether each launch needs Internet, and gives a grant when not."""
        wanted = Launch(asked.product, asked.workstation, asked.version, asked.subscription or "")
        allowed = _signed_in(launch(site, _attempt(request, asked), wanted))
        return _answer(allowed, asked.version)

    @made.post("/dossiers", summary="Report dossiers", operation_id="report_dossiers", responses=_answers())
    def reported(request: Request, asked: DossierRequest) -> DossierAnswer:
        """Notes changes online and retrievals; data comes back only when all was retrieved since its last change."""
        events = [Event(one.code, one.event) for one in asked.dossiers]
        known = _signed_in(
            report(site, _attempt(request, asked), Report(asked.product, events, asked.subscription or ""))
        )
        return DossierAnswer(
            dossiers=[
                KnownDossier(code=one.code, changed_on=one.changed_on, retrieved_on=one.retrieved_on) for one in known
            ]
        )

    @made.get("/key", summary="The key of grants", operation_id="key", responses=_answers(400, 413, 431, 500))
    def key() -> PublicKey:
        """The public key with which the software checks grants; to be built into it, or kept from the first launch."""
        return PublicKey(algorithm="Ed25519", public_key=public_text(site.keys.signer()))


def _attempt(request: Request, asked: Credentials) -> Attempt:
    return Attempt(asked.email, asked.password, request.client.host if request.client else "")


def _signed_in(found: T | Denied | None) -> T:
    """What was found for somebody who signed in. Raises Refusal."""
    if found is None:
        raise Refusal(401, "not_signed_in", "The e-mail or the password is wrong, or you may not sign in now.")
    if isinstance(found, Denied):
        raise Denial(found)
    return found


class Denial(Refusal):
    """Somebody signed in and may not go on."""

    def __init__(self, why: Denied) -> None:
        super().__init__(409 if why.code in _CONFLICTS else 403, why.code, why.message)
        self.subscriptions = list(why.subscriptions)


def _answer(allowed: Allowed, version: str) -> LaunchAnswer:
    return LaunchAnswer(
        subscription=allowed.subscription,
        offer=allowed.offer,
        product=allowed.product,
        products=list(allowed.products),
        services=list(allowed.services),
        data_mode=allowed.mode,
        internet_required=allowed.internet_required,
        newest=_newest(allowed.newest, version),
        grant=allowed.grant or None,
        grant_expires_at=allowed.grant_expires_at,
    )


def _newest(release: Release | None, version: str) -> Newest | None:
    if release is None:
        return None
    return Newest(version=release.version, label=release.label.fr, update=is_newer(release, version))


def _answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documented answers of a route beside its good one."""
    return {status: _documented(status) for status in statuses or _WHYS}


def _documented(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {"model": Trouble, "description": _WHYS[status]}
    if status in _GUARDED:
        told["content"] = {"text/plain": {"schema": {"type": "string"}}}
    return {**told, "headers": _WAIT} if status in (429, 503) else told


def _told(site: Site) -> Any:
    """What answers each kind of exception, without a word on what is inside or what was sent."""

    async def told(_request: Request, error: Exception) -> JSONResponse:
        status, trouble, headers = _trouble(site, error)
        return JSONResponse(trouble.model_dump(mode="json", exclude_defaults=True), status, headers)

    return told


def _trouble(site: Site, error: Exception) -> tuple[int, Trouble, dict[str, str]]:
    if isinstance(error, Refusal):
        names = error.subscriptions if isinstance(error, Denial) else []
        return error.status, Trouble(code=error.code, message=error.message, subscriptions=names), {}
    if isinstance(error, RequestValidationError):
        return 422, Trouble(code="invalid", message=_WHYS[422], fields=_fields(error)), {}
    if isinstance(error, TooMany):
        return (
            429,
            Trouble(code="too_many", message="Too many tries. Wait."),
            {"Retry-After": str(error.wait(site.now()))},
        )
    if isinstance(error, Busy | StoreUnavailable):
        return 503, Trouble(code="busy", message="Try again soon."), {"Retry-After": str(RETRY_AFTER)}
    if isinstance(error, HTTPException):
        return error.status_code, Trouble(code="http", message=str(error.detail)), dict(error.headers or {})
    return 500, Trouble(code="defect", message=_WHYS[500]), {}


def _fields(error: RequestValidationError) -> list[WrongField]:
    """What is wrong where, without what was sent: it may be a password."""
    found = error.errors()[:_MOST_FIELDS]
    return [WrongField(field=".".join(map(str, one["loc"][1:]))[:200], message=str(one["msg"])[:200]) for one in found]
