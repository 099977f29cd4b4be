"""Words laid out as text and as HTML, by the templates of this folder.

In: a Letter, a Catalogue, Links. Out: Texts. What people typed is data to the templates, never part of one; the
HTML one escapes all of it.
"""

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from flexsync.catalogue import Catalogue
from flexsync.outbox.letter import Letter, Links
from flexsync.outbox.speech import Speech
from flexsync.outbox.wording import wording


@dataclass(frozen=True, slots=True)
class Texts:
    """A mail to be read: its subject and its two forms, which say the same."""

    subject: str
    text: str
    html: str


def page(letter: Letter, catalogue: Catalogue, links: Links) -> Texts:
    """`letter` in words, as text and as HTML."""
    speech = Speech(letter.language, catalogue)
    words = wording(letter, links, speech)
    text, html = (
        _templates().get_template(name).render(words=words, _=speech) for name in ("letter.txt", "letter.html")
    )
    return Texts(words.subject, text, html)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("flexsync.outbox"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
