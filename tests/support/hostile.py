"""Plans in which every text that somebody outside can write is out to do harm."""

import random
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from flexsync.plan.data import from_data, to_data
from flexsync.plan.model import Plan
from flexsync.render.view import View
from tests.support.story import VIEW, story

#: Texts that a parser, a host, a terminal or a spreadsheet would do something with.
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</code></pre></details>",
    "<!-- -->",
    "-->",
    "]]>",
    "\" onload='x'",
    "&lt;b&gt;",
    "&#64;everyone",
    "```",
    "````\n# title",
    "`code`",
    "~~~",
    "| a | b |\n|---|---|",
    "\\|",
    "[text](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "[a]: https://evil.example",
    "<https://evil.example>",
    "https://evil.example/path",
    "http://evil.example",
    "www.evil.example",
    "ftp://evil.example",
    "mailto:a@evil.example",
    "@admin",
    "@org/team",
    "a@b.example",
    "#123",
    "GH-12",
    "owner/repo#1",
    "!45",
    "~label",
    "%milestone",
    "$snippet",
    "&epic",
    "$x^2$",
    "$$y$$",
    ":tada:",
    "/close",
    "* item",
    "1. item",
    "- [ ] task",
    "> quote",
    "# title",
    "---",
    "===",
    "    indented",
    "**bold**",
    "_em_",
    "~~gone~~",
    "line\nbreak",
    "car\rriage",
    "tab\there",
    "\u202eevil",
    "\u200bhidden",
    "\u2066iso",
    "\x1b[31mred",
    "\x00",
    "\x9b31m",
    "\ufeff",
    "\ufffe",
    "\ud800",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\uff1d1",
    " =1",
    "a;b",
    'a"b',
    "a,b",
    "%0A::error::x",
    "::set-output name=x::y",
    "##[error]x",
    "{0}",
    "{{x}}",
    "{% x %}",
    "../../etc/passwd",
    "//evil.example/x",
    "javascript:alert(1)",
    "{+ins+}",
    "[-del-]",
    "\\",
    "\\\\`",
    "$`x`$",
    "`` ` ``",
    "x" * 400,
    "e" + "\u0301" * 50,
)

texts = st.one_of(
    st.sampled_from(PAYLOADS),
    st.lists(st.sampled_from(PAYLOADS), min_size=2, max_size=4).map("".join),
    st.text(st.characters(), max_size=30),
    st.text(st.sampled_from("`|\\<>&@#[]()!*_~$:{}%^\"'=+-. \n1a"), min_size=1, max_size=30),
)

#: Fields that flexsync itself writes, never an outsider.
_OURS = {
    "effect",
    "pair",
    "kind",
    "cause",
    "severity",
    "scope",
    "danger",
    "status",
    "as_of",
    "next_due",
    "language",
    "limit",
    "format",
}


def hostile(seed: int, pool: tuple[str, ...] = PAYLOADS) -> Plan:
    """The story with its texts replaced by ones of `pool`."""
    chance = random.Random(seed)
    return from_data(_poisoned(to_data(story()), "", chance, pool))


def hostile_view(seed: int, pool: tuple[str, ...] = PAYLOADS) -> View:
    chance = random.Random(seed)
    title, note, digest, key, base = (chance.choice(pool) for _ in range(5))
    return replace(VIEW, title=title, notes=(note,), digest=digest, key=key, base=base)


def _poisoned(value: Any, name: str, chance: random.Random, pool: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: part if key in _OURS else _poisoned(part, key, chance, pool) for key, part in value.items()}
    if isinstance(value, list):
        return [_poisoned(part, name, chance, pool) for part in value]
    if not isinstance(value, str) or not value:
        return value
    if name == "subject":
        section, *names = value.split("/")
        return "/".join([section, *(chance.choice(pool).replace("/", "") for _ in names)])
    if name == "code" and value in ("dossiers", "N1", "N2", "N3", "N5"):
        return value
    return chance.choice(pool)
