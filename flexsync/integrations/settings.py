"""Settings that a job finds in its environment; a missing one is named, a wrong one is not repeated."""

import re
from collections.abc import Mapping

from flexsync.errors import WrongCommand

_ANY = re.compile(r"[!-~]{1,2000}")
#: A line break in it would be a header of its own.
_TOKEN = re.compile(r"[!-~]{1,4000}")


def setting(environment: Mapping[str, str], name: str, form: "re.Pattern[str]" = _ANY) -> str:
    """The value of a variable of the host; raises WrongCommand when it is not there or not of its form."""
    value = environment.get(name, "")
    if not form.fullmatch(value):
        found = "is not set" if not value else "has a value that cannot be right"
        raise WrongCommand(f"{name} {found}. The host sets it in every job; run this in one.")
    return value


def token(environment: Mapping[str, str], name: str) -> str:
    """A token; never an argument, never shown."""
    value = environment.get(name, "").strip()
    if not _TOKEN.fullmatch(value):
        raise WrongCommand(f"{name} holds no token. Pass one to this step as a variable, with the right to comment.")
    return value
