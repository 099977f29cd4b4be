"""Pages in the language of whoever reads them: templates, and the words in them.

In: the name of a template and its values. Out: HTML. Everything that is put in is escaped.
"""

import copy
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from gettext import NullTranslations
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from flexsync import __version__
from flexsync.catalogue import Label
from flexsync.clock import PARIS
from flexsync.language import DEFAULT, LANGUAGES, shown_day, words

#: Parts of the portal that have words of their own; a text is looked up in one after the other.
DOMAINS = ("portal", "console", "operator")


@cache
def spoken(language: str) -> NullTranslations:
    """The words of all DOMAINS."""
    first, *others = [copy.copy(words(language, domain)) for domain in DOMAINS]
    for one in others:
        first.add_fallback(one)
    return first


@cache
def environment(language: str) -> Environment:
    """The templates, in one language."""
    made = Environment(
        loader=PackageLoader("flexsync.portal"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(spoken(language), newstyle=True)  # type: ignore[attr-defined]
    made.filters["label"] = lambda label: shown_label(label, language)
    made.filters["day"] = lambda day: shown_day(day, language)
    made.filters["instant"] = lambda instant: shown_instant(instant, language)
    made.filters["size"] = lambda count: shown_size(count, language)
    made.globals |= {"version": __version__, "language": language}
    return made


def page(template: str, language: str, values: Mapping[str, Any]) -> str:
    """The HTML of a template."""
    return environment(language).get_template(template).render(values)


def chosen(asked: str, cookie: str, own: str, accepted: str) -> str:
    """The first that names a language: asked for now, chosen here before, of the account, of the browser."""
    wanted = (asked, cookie, own, *_accepted(accepted))
    return next((language for language in wanted if language in LANGUAGES), DEFAULT)


def _accepted(header: str) -> list[str]:
    """Languages of an Accept-Language header, in the order in which they stand there."""
    parts = (part.partition(";")[0].strip().lower() for part in header[:200].split(","))
    return [part.partition("-")[0] for part in parts]


def shown_label(label: Label, language: str) -> str:
    """A name of the catalogue in a language."""
    return label.en if language == "en" else label.fr


def shown_instant(instant: datetime, language: str) -> str:
    """Day and time in Paris: `26/11/2026 09:05`, `26 Nov 2026 09:05`."""
    local = instant.astimezone(PARIS)
    return f"{shown_day(local.date(), language)} {local:%H:%M}"


def shown_size(count: int, language: str) -> str:
    """A size in bytes, `1,5 Mo` or `1.5 MB`."""
    units = ("B", "kB", "MB", "GB") if language == "en" else ("o", "ko", "Mo", "Go")
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(units) - 1:
        amount, unit = amount / 1000, unit + 1
    text = f"{amount:.1f}" if unit and amount < 100 else f"{amount:.0f}"
    return f"{text if language == 'en' else text.replace('.', ',')} {units[unit]}"
