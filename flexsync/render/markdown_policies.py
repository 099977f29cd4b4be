"""What policies say, as lines of a comment; the same in forms of falling size.

In: Findings. Out: Markdown lines, untrusted text made inert.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from flexsync.plan.model import Finding
from flexsync.render import policies
from flexsync.render.inert import code, prose
from flexsync.render.markdown_steps import places
from flexsync.render.policies import Ruling, rulings
from flexsync.text import count

Lines = tuple[str, ...]


def forms(findings: Sequence[Finding]) -> tuple[Lines, ...]:
    """Every step; every subscription; counted for each policy; counted."""
    told = list(rulings(findings))
    words = Counter(f"**{policies.sign(one)} {policies.word(one)}**" for one in findings)
    return (
        tuple(line for one in told for line in ruling_lines(one)),
        tuple(f"- {_head(one)} In {places(one.subscriptions)}" for one in told),
        tuple(f"- {_head(one)} In {count(len(one.subscriptions), 'subscription')}" for one in told),
        tuple(f"- {word}: {count(number, 'step')}" for word, number in words.items()),
    )


def ruling_lines(ruling: Ruling) -> Iterator[str]:
    """What a policy says, then each step with its subscriptions."""
    yield f"- {_head(ruling)}"
    yield from (f"  - {code(what)} in {places(names)}" for what, names in ruling.steps.items())


def _head(ruling: Ruling) -> str:
    one = ruling.finding
    of = f" of {' or '.join(map(code, one.approvers))}" if one.approvers else ""
    return f"**{policies.sign(one)} {policies.word(one)}**{of} by {code(one.policy)}: {prose(one.message)}"
