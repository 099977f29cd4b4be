"""The web application: a Site in, an ASGI application out."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.routing import Route as Path
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from flexsync.acts.site import Site
from flexsync.portal.answering import endpoint
from flexsync.portal.api import api
from flexsync.portal.mistakes import handlers
from flexsync.portal.route import Route
from flexsync.portal.routes import ROUTES
from flexsync.portal.security import Guard


def app(site: Site, routes: tuple[Route, ...] = ROUTES) -> ASGIApp:
    """The portal of a Site."""
    paths: list[BaseRoute] = [Path(one.path, endpoint(site, one), methods=list(one.methods)) for one in routes]
    static = Mount("/static", StaticFiles(packages=[("flexsync.portal", "static")]))
    software = Mount("/api/v1", api(site))
    made = Starlette(routes=[*paths, static, software], exception_handlers=handlers(site))
    made.router.redirect_slashes = False
    # Outermost: what answers for a defect is guarded as well.
    return Guard(made, site.url)
