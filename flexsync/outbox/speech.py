"""One language and one catalogue, for those who word a mail: `_("Offer")`, `_.day("2026-12-01")`.

Names from the catalogue are the fleet's own words; names of people and firms are made harmless for mail readers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flexsync.catalogue import Catalogue, Label
from flexsync.language import shown_day, words
from flexsync.outbox.harmless import harmless, unlinked


@dataclass(frozen=True, slots=True)
class Section:
    """Some things under one title. A fact is what and its value; `lead` introduces the list of `items`."""

    title: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    lead: str = ""
    items: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


def section(
    title: str,
    paragraphs: Iterable[str] = (),
    facts: Iterable[tuple[str, str]] = (),
    lead: str = "",
    items: Iterable[str] = (),
    steps: Iterable[str] = (),
) -> Section:
    """A Section of any iterables, without the facts that have no value."""
    valued = tuple(fact for fact in facts if fact[1])
    return Section(title, tuple(paragraphs), valued, lead, tuple(items), tuple(steps))


class Speech:
    """The words of mails in one language."""

    def __init__(self, language: str, catalogue: Catalogue) -> None:
        self.language = language
        self.catalogue = catalogue
        self._words = words(language, "mails")

    def __call__(self, text: str, **values: object) -> str:
        """`text` in the language, with its `%(name)s` filled in."""
        return self._words.gettext(text) % values

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        """The form of the text that fits `n`, which it may show as `%(n)s`."""
        return self._words.ngettext(one, many, n) % {"n": n, **values}

    def day(self, value: date | str) -> str:
        """A day as it is written; a text that is no ISO date stays as it is."""
        try:
            return shown_day(date.fromisoformat(str(value)), self.language)
        except ValueError:
            return str(value)

    def offer(self, code: str) -> str:
        """The name of an offer."""
        return self._label(self.catalogue.offers.get(code), code)

    def product(self, code: str) -> str:
        """The name of a product."""
        return self._label(self.catalogue.products.get(code), code)

    def products(self, codes: Iterable[str]) -> str:
        """Names of products, with commas."""
        return ", ".join(self.product(code) for code in codes)

    def service(self, code: str) -> str:
        """The name of a service."""
        return self._label(self.catalogue.services.get(code), code)

    def papers(self, service: str) -> Mapping[str, str]:
        """The prerequisites of a service, by code."""
        known = self.catalogue.services.get(service)
        return {code: self.label(label) for code, label in known.prerequisites.items()} if known else {}

    def tool(self, service: str) -> str:
        """The software that a service needs beside the product, with its version; empty for none."""
        known = self.catalogue.services.get(service)
        return self.release(known.tool) if known and known.tool else ""

    def release(self, product: str, version: str = "") -> str:
        """A product or tool with a version, the newest by default."""
        newest = self.catalogue.latest(product)
        name = self.label(newest.label) if newest else self.product(product)
        version = version or (newest.version if newest else "")
        return self("%(name)s version %(version)s", name=name, version=version) if version else name

    def name(self, text: str) -> str:
        """The name of a person, a firm or a dossier."""
        return unlinked(text)

    def person(self, plain: Mapping[str, Any]) -> str:
        """Given and family name of a Person in plain data."""
        return unlinked(f"{plain.get('given_name', '')} {plain.get('family_name', '')}".strip())

    def label(self, label: Label) -> str:
        """A name of the catalogue."""
        return str(harmless(label.en if self.language == "en" else label.fr))

    def _label(self, known: Any, code: str) -> str:
        return self.label(known.label) if known else unlinked(code)
