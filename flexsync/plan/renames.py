"""A leaver beside a newcomer who looks like the same person: a question that only a human settles.

In: ordered steps of one subscription. Out: the same steps, both sides of such a pair blocked with
the lines of YAML that answer the question. Whoever answers wrong loses an account or keeps a stranger.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from flexsync.errors import Block
from flexsync.plan.model import Step
from flexsync.state import ADMIN_KEY, Person, person_from


def asked(steps: Sequence[Step], settled: frozenset[str]) -> list[Step]:
    """`steps`, with a Block `rename` on both sides of each pair that may be one person."""
    pairs = list(_pairs(steps, settled))
    blocks: dict[str, list[Block]] = defaultdict(list)
    for old, new in pairs:
        for key in (old, new):
            blocks[f"user/{key}"].append(_question(old, new))
    partner = _partners(pairs)
    return [_held(step, blocks, partner) for step in steps]


def _partners(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Each person of the first pair that they are in, with the other one."""
    partner: dict[str, str] = {}
    for old, new in pairs:
        if old not in partner and new not in partner:
            partner |= {old: f"user/{new}", new: f"user/{old}"}
    return partner


def _held(step: Step, blocks: dict[str, list[Block]], partner: dict[str, str]) -> Step:
    if not (_leaves(step) or _joins(step)) or step.change.subject not in blocks:
        return step
    held = (*step.blocks, *blocks[step.change.subject])
    return replace(step, blocks=held, pair=partner.get(step.change.parts[1], ""))


def _pairs(steps: Sequence[Step], settled: frozenset[str]) -> Iterator[tuple[str, str]]:
    leavers: dict[str, list[str]] = defaultdict(list)
    for step in steps:
        if _leaves(step):
            for trait in _traits(person_from(step.change.before["person"])):
                leavers[trait].append(step.change.parts[1])
    for step in steps:
        if _joins(step) and step.change.parts[1] not in settled:
            yield from _alike(step, leavers)


def _alike(step: Step, leavers: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    traits = _traits(person_from(step.change.after["person"]))
    olds = [old for trait in traits for old in leavers.get(trait, ())]
    yield from ((old, step.change.parts[1]) for old in dict.fromkeys(olds))


def _leaves(step: Step) -> bool:
    return step.change.kind == "user.deactivate" and step.cause == "intent" and step.change.parts[1] != ADMIN_KEY


def _joins(step: Step) -> bool:
    return step.change.kind in ("user.create", "user.link") and step.change.parts[1] != ADMIN_KEY


def _traits(person: Person) -> tuple[str, ...]:
    """What makes two entries look like one person: the address, the names, what stands before the @."""
    return f"email {person.key}", f"name {person.name.casefold()}", f"local {person.key.rpartition('@')[0]}"


def _question(old: str, new: str) -> Block:
    return Block(
        "rename",
        f"{old} leaves and {new} joins; are they one person? Write under users.{new} either "
        f"previously: [{old}] to keep the account, or not_same_person: true",
    )
