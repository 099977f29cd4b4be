"""Releases: what somebody may download (guide, step 4: always the latest version).

In: an account, and the folder or address of the releases. Out: Downloads. A file is taken by its exact name
from the listing of the folder, never by a path that somebody typed; links out of the folder are not followed.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flexsync.acts.seeing import places
from flexsync.acts.site import Site
from flexsync.catalogue import Release
from flexsync.store.logins import Login

_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Download:
    """A release and its file: by `url` when it is kept elsewhere; without `name` when it is not there yet."""

    release: Release
    name: str = ""
    size: int | None = None
    sha256: str = ""
    url: str = ""


def downloads(site: Site, login: Login) -> list[Download]:
    """The newest release of each product that somebody may open, and of each tool of a service they use."""
    return [_download(site, release) for release in _entitled(site, login)]


def _entitled(site: Site, login: Login) -> list[Release]:
    mine = places(site, login)
    products = [one.release for place in mine for one in place.products]
    tools = [one.tool for place in mine for one in place.services if one.status == "active"]
    return [release for release in dict.fromkeys([*products, *tools]) if release]


def _download(site: Site, release: Release) -> Download:
    if site.releases.startswith("https://"):
        url = f"{site.releases.rstrip('/')}/{release.file}" if release.file else ""
        return Download(release, release.file, release.size, release.sha256, url)
    found = next((path for path in _files(site.releases) if _is_of(path.name, release)), None)
    if found is None:
        return Download(release)
    status = found.stat()
    digest = _sha256(str(found), status.st_size, status.st_mtime_ns)
    if release.sha256 not in ("", digest):
        # Not what was released: better none than another one.
        return Download(release)
    return Download(release, found.name, status.st_size, digest)


def file_of(site: Site, login: Login, name: str) -> Path | None:
    """The file of that name, when it is one of somebody's downloads."""
    mine = {one.name for one in downloads(site, login) if one.name and not one.url}
    return next((path for path in _files(site.releases) if path.name == name and name in mine), None)


def _files(folder: str) -> Iterator[Path]:
    """The regular files of a folder, the newest name last; none when it cannot be read."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name) if folder else []
    except OSError:
        return
    yield from (Path(entry.path) for entry in entries if entry.is_file(follow_symlinks=False))


def _is_of(name: str, release: Release) -> bool:
    """True of the file that the catalogue names, or of `compta-12.1.exe` and `compta-12.1-setup.msi`."""
    if release.file:
        return name == release.file
    rest = name.removeprefix(f"{release.product}-{release.version}")
    return rest != name and rest[:1] in (".", "-", "_") and not rest[1:2].isdigit()


@lru_cache(maxsize=256)
def _sha256(path: str, size: int, changed: int) -> str:
    """The digest of a file; `size` and `changed` are those of the file that was looked at."""
    del size, changed
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        while part := file.read(_STEP):
            digest.update(part)
    return digest.hexdigest()
