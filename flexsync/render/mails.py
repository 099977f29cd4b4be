"""The mails of a step in words: their codes, what the codes stand for, and whom they go to."""

from collections.abc import Iterable

from flexsync.plan.model import Step
from flexsync.text import visible

_NOTICES = {
    "N1": "administrator's activation",
    "N2": "invitation",
    "N3": "account changed",
    "N4": "account attached",
    "N5": "access withdrawn",
    "N6": "account deleted",
    "N8": "service",
    "N9": "shared password",
    "N10": "service off",
    "N11": "data online",
    "N12": "data back",
    "N14": "contract",
}


def in_full(step: Step) -> str:
    """The mails that a step causes: `mail N2 (invitation) to p@dupont.example`."""
    return ", ".join(
        f"mail {code} ({_NOTICES.get(code, 'news')}) to {', '.join(to)}" for code, to in _by_code(step).items()
    )


def in_short(step: Step, named: str) -> str:
    """The codes of the mails, and whom they go to beside those whom the line names: `mail N5 also to a@x.fr`."""
    return ", ".join(f"mail {code}{_to(addresses, named)}" for code, addresses in _by_code(step).items())


def _by_code(step: Step) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for notice in step.notices:
        found.setdefault(notice.code, []).append(visible(notice.to))
    return found


def _to(addresses: list[str], named: str) -> str:
    others = [address for address in addresses if f"<{address}>" not in named]
    if not others:
        return ""
    also = " also" if len(others) < len(addresses) else ""
    more = f" and {len(others) - 2} more" if len(others) > 2 else ""
    return f"{also} to {', '.join(others[:2])}{more}"


def legend(codes: Iterable[str]) -> str:
    """What the codes of mails stand for: `N1 administrator's activation, N2 invitation`."""
    return ", ".join(f"{code} {_NOTICES.get(code, 'news')}" for code in sorted(codes, key=lambda code: int(code[1:])))
