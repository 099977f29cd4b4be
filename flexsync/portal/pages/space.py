"""Somebody's own space: what they may open, what they use, what to do next (guide, steps 2 to 4)."""

from starlette.responses import Response

from flexsync.acts.seeing import places
from flexsync.portal.visit import Visit


def home(visit: Visit) -> Response:
    """Products and services, subscription by subscription."""
    return visit.page("home.html", places=places(visit.site, visit.login))


def welcome(visit: Visit) -> Response:
    """What to do once the password is chosen."""
    return visit.page("welcome.html", places=places(visit.site, visit.login))
