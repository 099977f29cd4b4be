"""personal: a file that only its owner reads."""

import os
from pathlib import Path

from flexsync.errors import WrongCommand
from flexsync.paths import reason
from flexsync.text import visible


def written(path: Path, text: str) -> None:
    """Write a new file of mode 0600; raises WrongCommand when it exists, or cannot be written."""
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise WrongCommand(f'"{visible(str(path))}" exists. Name a new file.') from None
    except OSError as error:
        raise WrongCommand(f'"{visible(str(path))}" cannot be written: {reason(error)}.') from error
