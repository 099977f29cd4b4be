"""The languages people read: translated words and written days.

In: a language and a domain, the part of the product that speaks (`mails`, `portal`, ...). Out: gettext translations.
Message ids are English; French is in `locale/fr/LC_MESSAGES/<domain>.mo`, which `script/locales` writes.
It must hold no text of its own.
"""

import re
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

LANGUAGES = ("fr", "en")
DEFAULT = "fr"
_FOLDER = Path(__file__).parent / "locale"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BEFORE = re.compile(r" (?=[:;!?»])")
_AFTER = re.compile(r"(?<=«) ")
_APOSTROPHE = re.compile(r"(?<=\w)'")


class _French(GNUTranslations):
    """French words, whose spaces and apostrophes come out as a printer sets them."""

    def gettext(self, message: str) -> str:
        return french(super().gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return french(super().ngettext(msgid1, msgid2, n))

    def pgettext(self, context: str, message: str) -> str:
        return french(super().pgettext(context, message))

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return french(super().npgettext(context, msgid1, msgid2, n))


@cache
def words(language: str, domain: str) -> NullTranslations:
    """What a part says in a language: `words("fr", "mails").gettext("Hello")`.

    A language that is not of LANGUAGES reads French. Texts of French are typeset: a no-break space
    before `: ; ! ? »` and after `«`, and `'` as an apostrophe; translators need not think of it.
    """
    if language == "en":
        return NullTranslations()
    with (_FOLDER / "fr" / "LC_MESSAGES" / f"{domain}.mo").open("rb") as file:
        return _French(file)


def french(text: str) -> str:
    """Our own French `text` typeset; what people typed is not to be passed through it."""
    spaced = _AFTER.sub("\u00a0", _BEFORE.sub("\u00a0", text))
    return _APOSTROPHE.sub("’", spaced)


def shown_day(day: date, language: str) -> str:
    """`01/12/2026` in French, `1 Dec 2026` in English."""
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
