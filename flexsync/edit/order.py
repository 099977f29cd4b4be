"""The order in which the models name the keys of a file: the canonical one.

In: the kind of a file and a path. Out: the keys in their order, none where keys are free.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, get_args, get_origin

from flexsync.desired.fleet_spec import CatalogueFile, Fleet
from flexsync.desired.model import Path
from flexsync.desired.spec import Subscription
from flexsync.desired.spec_types import Part

HEADER = ("apiVersion", "kind", "name")
_MODELS: dict[str, type[Part]] = {"Subscription": Subscription, "Fleet": Fleet, "Catalogue": CatalogueFile}


def keys_at(kind: str, path: Path) -> Sequence[str]:
    """The keys that the map at `path` may have, in their order; empty when people choose them."""
    found: Any = _MODELS.get(kind)
    for step in path:
        found = _inside(found, step)
    return _fields(found) if _is_part(found) else ()


def _inside(kind: Any, step: str | int) -> Any:
    """What stands under `step` in a value of that kind."""
    if _is_part(kind):
        field = kind.model_fields.get(step)
        return _bare(field.annotation) if field else None
    return _bare(get_args(kind)[-1]) if get_origin(kind) in (dict, list) else None


def _bare(annotation: Any) -> Any:
    """An annotation without None and without what is said about it."""
    if hasattr(annotation, "__metadata__"):
        return _bare(annotation.__origin__)
    if get_origin(annotation) in (dict, list) or _is_part(annotation):
        return annotation
    inner = (_bare(one) for one in get_args(annotation) if one is not type(None))
    return next((one for one in inner if one is not None), None)


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Part)


@cache
def _fields(model: type[Part]) -> tuple[str, ...]:
    names = [name for name in model.model_fields if name not in HEADER]
    return (*(name for name in HEADER if name in model.model_fields), *names)
