"""A Letter in words: subject, greeting, what to do, what changed, in the reader's language.

In: a Letter, Links, a Speech. Out: Words, plain text without markup, which the two templates lay out. The text
and the HTML of a mail cannot differ, as both are made of the same Words.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flexsync.clock import PARIS
from flexsync.outbox import told_contract, told_people, told_services
from flexsync.outbox.letter import GRAVITY, PROPOSING, Letter, Links, Part, Told
from flexsync.outbox.speech import Section, Speech
from flexsync.outbox.subjects import subject

#: Subscriptions that each get a line of their own; more stand in one paragraph.
FEW = 3
#: Kinds after which somebody signs in with another address.
_MOVED = ("user.change_email", "admin.change_email")

Topic = Callable[[Sequence[Told], Part, Speech], Iterator[Section]]

_BY_CODE: dict[str, Topic] = {
    "N1": told_people.administers,
    "N2": told_people.invited,
    "N3": told_people.edited,
    "N4": told_people.attached,
    "N5": told_people.left,
    "N6": told_people.left,
    "N7": told_people.reset,
    "N8": told_services.service,
    "N9": told_services.password,
    "N10": told_services.off,
    "N11": told_services.hosted,
    "N12": told_services.local,
    "N13": told_contract.expiring,
    "N14": told_contract.contract,
    "N15": told_contract.release,
}
#: Kinds that are told in another way than the rest of their notice.
_BY_KIND: dict[str, Topic] = {
    "access.grant": told_people.access,
    "access.revoke": told_people.access,
    "product.add": told_contract.products,
    "product.remove": told_contract.products,
    "subscription.close": told_contract.closed,
    "run.digest": told_contract.digest,
}


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing to press: its words, where it leads, what to know of it; `first` when the mail is about it."""

    words: str
    url: str
    note: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Sections that hold for one subscription, or for several alike; `names` are those when they are many."""

    headings: tuple[str, ...]
    sections: tuple[Section, ...]
    names: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """All that a mail says, in the order in which it says it."""

    language: str
    subject: str
    greeting: str
    opening: tuple[str, ...]
    action: Action
    blocks: tuple[Block, ...]
    closing: tuple[str, ...]
    signature: str
    footer: tuple[str, ...]


def wording(letter: Letter, links: Links, _: Speech) -> Words:
    """The Words of `letter`."""
    return Words(
        language=letter.language,
        subject=subject(letter, _),
        greeting=_greeting(letter, _),
        opening=(_opening(letter, _),),
        action=_action(letter, links, _),
        blocks=_blocks(letter, _),
        closing=tuple(_closing(letter, links, _)),
        signature=_("Your Flex space"),
        footer=(
            _("This message was sent automatically; please do not reply, as nobody would read your reply."),
            _("Your space: %(portal)s", portal=links.portal),
        ),
    )


def _greeting(letter: Letter, _: Speech) -> str:
    name = _.name(letter.family_name)
    if name and letter.civility == "madame":
        return _("Dear Ms %(name)s,", name=name)
    if name and letter.civility == "monsieur":
        return _("Dear Mr %(name)s,", name=name)
    return _("Hello,")


def _opening(letter: Letter, _: Speech) -> str:
    by_purpose = {
        "reset": _("Here is the link with which you choose a new password."),
        "confirm_email": _("This address was given as the new e-mail address of your account. Please confirm it."),
        "activation": _("Welcome. Your account is waiting for you: all that is left is to choose your password."),
    }
    if letter.purpose in by_purpose:
        return by_purpose[letter.purpose]
    by_code = {
        "N13": _("An end date is coming up."),
        "N15": _("A new version of your software is ready for you."),
    }
    gravest = letter.told[0].code if letter.told else ""
    return by_code.get(gravest, _("Here is what changed on %(day)s and concerns you.", day=_.day(letter.on)))


def _action(letter: Letter, links: Links, _: Speech) -> Action:
    if not links.link:
        return Action(_("Open my space"), links.portal)
    words = {
        "activation": _("Activate and download"),
        "reset": _("Choose a new password"),
        "confirm_email": _("Confirm this address"),
    }
    note = _("This link is for you alone and works once; please do not pass it on.")
    if links.until:
        local = links.until.astimezone(PARIS)
        note = _(
            "This link is for you alone and works once, until %(day)s at %(time)s (Paris time); please do not pass it "
            "on.",
            day=_.day(local.date()),
            time=f"{local:%H:%M}",
        )
    return Action(words.get(letter.purpose, _("Open my space")), links.link, note, first=True)


def _blocks(letter: Letter, _: Speech) -> tuple[Block, ...]:
    """Gravest first; what is told of several subscriptions alike is told once, under all their names."""
    holders: dict[Section, list[str]] = {}
    places: dict[Section, int] = {}
    for part in letter.parts:
        for place, one in _sections(part, _):
            holders.setdefault(one, []).append(_heading(part, _))
            places.setdefault(one, place)
    together: dict[tuple[str, ...], list[Section]] = {}
    for one in sorted(holders, key=places.__getitem__):
        together.setdefault(tuple(dict.fromkeys(holders[one])), []).append(one)
    return tuple(_block(headings, tuple(sections), _) for headings, sections in together.items())


def _block(headings: tuple[str, ...], sections: tuple[Section, ...], _: Speech) -> Block:
    if len(headings) <= FEW:
        return Block(headings, sections)
    return Block((_("%(n)s subscriptions", n=len(headings)),), sections, ", ".join(headings))


def _sections(part: Part, _: Speech) -> Iterator[tuple[int, Section]]:
    """The sections of one subscription, each with how grave it is."""
    topics: dict[Topic, list[Told]] = {}
    for one in part.told:
        topics.setdefault(_topic(one), []).append(one)
    for topic, told in topics.items():
        for made in topic(told, part, _):
            yield GRAVITY.index(told[0].code), made


def _topic(one: Told) -> Topic:
    return _BY_KIND.get(one.kind) or _BY_CODE[one.code]


def _heading(part: Part, _: Speech) -> str:
    name = _.name(part.legal_name or part.subscription)
    if not part.customer_code:
        return name
    return _("%(firm)s (customer code %(code)s)", firm=name, code=part.customer_code)


def _closing(letter: Letter, links: Links, _: Speech) -> Iterator[str]:
    if letter.purpose in ("activation", "reset"):
        yield _("If this link no longer works, ask for another one on the sign-in page, under “Forgotten password”.")
    if letter.confirms:
        yield _("Until you confirm it, nothing changes. Was this not you? Then simply ignore this message.")
    elif any(one.kind in (*PROPOSING, *_MOVED) for one in letter.told):
        yield _(
            "Was this not you? Then please tell your administrator, or whoever looks after your subscription, at once."
        )
