"""The columns of the two tables: what each is called, where its value goes, how its cells are read.

In: the text of a cell. Out: a value of the type that a file would have, or what is wrong. It speaks
of what spreadsheets do to texts; whether a value makes sense is asked by the schema and the rules.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flexsync.codes import spreadsheet_damage
from flexsync.desired.model import Path
from flexsync.text import shorten

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})")
#: Day numbers count from here; 60000 is in the year 2064.
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_FORM = ("services", "vat_filing", "prerequisites", "tax_office_form")


@dataclass(frozen=True, slots=True)
class Kind:
    """How cells are read: `problem` first, then `value`, which cannot fail."""

    problem: Callable[[str], str | None]
    value: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and the path of its value in the entry that a row describes; `first` names the row."""

    name: str
    path: Path
    kind: Kind
    first: bool = False


def no_problem(text: str) -> None:
    """Any text is fine."""


def code_problem(text: str) -> str | None:
    """A code that a spreadsheet took for a large number."""
    return spreadsheet_damage(text) if "+" in text else None


def count_problem(text: str) -> str | None:
    """Anything but a whole number."""
    if text.isascii() and text.isdigit() and len(text) <= 6 and str(int(text)) == text:
        return None
    return f'"{shorten(text)}" is not a whole number. Write digits only, such as 3.'


def digits_problem(length: int) -> Callable[[str], str | None]:
    """What spreadsheets do to a number of `length` digits."""

    def problem(text: str) -> str | None:
        if damage := spreadsheet_damage(text):
            return damage
        if text.isascii() and text.isdigit() and length - 4 <= len(text) < length:
            return (
                f'"{text}" has {len(text)} digits instead of {length}; leading zeros were probably lost. '
                "Format the column as text and write all digits."
            )
        return None

    return problem


def words_problem(text: str) -> str | None:
    """A list joined with + that has a hole."""
    hole = any(not word.strip() for word in text.split("+"))
    return f'"{shorten(text)}" has an empty item. Join items with one +, as in compta+paye.' if hole else None


def each(problem: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """The first thing that is wrong with the items of a list."""

    def found(text: str) -> str | None:
        if damage := spreadsheet_damage(text):
            return damage
        hole = words_problem(text)
        return hole or next((wrong for word in words(text) if (wrong := problem(word))), None)

    return found


def day_problem(text: str) -> str | None:
    """Anything but a date in the form YYYY-MM-DD."""
    if _ISO.fullmatch(text):
        return None
    if parts := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, parts.groups())
        return _rewritten(text, _date(year if year > 99 else 2000 + year, month, day), "day, month, year")
    if text.isascii() and text.isdigit() and len(text) == 5:
        return _rewritten(text, _SPREADSHEET_EPOCH + timedelta(days=int(text)), "a spreadsheet's day number")
    return f'"{shorten(text)}" is not a date. Write it as YYYY-MM-DD, such as 2013-02-06.'


def _rewritten(text: str, meant: date | None, form: str) -> str:
    iso = f"{meant} if that is {form}" if meant else "YYYY-MM-DD, such as 2013-02-06"
    return f'"{text}" was rewritten by a spreadsheet. Write {iso}, and format the column as text.'


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def words(text: str) -> list[str]:
    """Items joined with +."""
    return [word.strip() for word in text.split("+")]


TEXT = Kind(no_problem, str)
CODE = Kind(code_problem, str)
COUNT = Kind(count_problem, int)
DAY = Kind(day_problem, str)
WORDS = Kind(words_problem, words)
SIREN = Kind(digits_problem(9), str)
SIRETS = Kind(each(digits_problem(14)), words)

#: One line is one simple client; the first column is its name.
CLIENTS = (
    Column("name", ("name",), TEXT, first=True),
    Column("customer_code", ("customer_code",), CODE),
    Column("siren", ("company", "siren"), SIREN),
    Column("legal_name", ("company", "legal_name"), TEXT),
    Column("rcs", ("company", "rcs"), TEXT),
    Column("profiles", ("profiles",), WORDS),
    Column("offer", ("offer",), TEXT),
    Column("seats", ("seats",), COUNT),
    Column("ends_on", ("ends_on",), DAY),
    Column("sirets_allowed", ("sirets_allowed",), COUNT),
    Column("sirets", ("services", "vat_filing", "sirets"), SIRETS),
    Column("form_sent_on", (*_FORM, "sent_on"), DAY),
    Column("form_authorisation", (*_FORM, "authorisation"), TEXT),
    Column("form_reference", (*_FORM, "reference"), TEXT),
    Column("users_table", ("users_table",), TEXT),
    Column("state", ("state",), TEXT),
)

#: One line is one user; the first column is the key.
ROSTER = (
    Column("key", (), TEXT, first=True),
    Column("person", ("person",), TEXT),
    Column("civility", ("civility",), TEXT),
    Column("given_name", ("given_name",), TEXT),
    Column("family_name", ("family_name",), TEXT),
    Column("email", ("email",), TEXT),
    Column("language", ("language",), TEXT),
    Column("access", ("access",), WORDS),
    Column("starts_on", ("starts_on",), DAY),
    Column("ends_on", ("ends_on",), DAY),
    Column("state", ("state",), TEXT),
    Column("previously", ("previously",), WORDS),
)
