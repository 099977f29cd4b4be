"""Downloads: the releases that somebody is entitled to (guide, step 4)."""

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from flexsync.acts.releases import downloads, file_of
from flexsync.portal.visit import Visit


def show(visit: Visit) -> Response:
    """The list, with sizes and digests."""
    return visit.page("downloads.html", downloads=downloads(visit.site, visit.login))


def fetch(visit: Visit) -> Response:
    """One file."""
    path = file_of(visit.site, visit.login, visit.part("file"))
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type="application/octet-stream", filename=path.name)
