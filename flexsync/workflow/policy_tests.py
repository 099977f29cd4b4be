"""policy test: the rules of a fleet asked of items that somebody wrote, with what is expected of each.

In: files of cases. Out: a Verdict a case. It opens no store and reads no secret.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from flexsync.clock import Clock
from flexsync.desired.document import Document, parse
from flexsync.desired.rule_spec import PolicyRule
from flexsync.desired.spec_types import Part, Text
from flexsync.errors import InvalidFiles, Where, WrongCommand
from flexsync.paths import opened, reason
from flexsync.plan.change import KINDS
from flexsync.plan.model import Finding
from flexsync.policy.items import VARIABLES, whole
from flexsync.policy.judging import judge_item
from flexsync.policy.rules import Rules, rules_from
from flexsync.policy.spelling import unknown
from flexsync.text import did_you_mean, shorten, visible
from flexsync.workflow.desk import Order, open_desk

#: The strictest of what the rules say decides; nothing said is `pass`.
STRICTEST = ("deny", "require_approver", "warn")
_MOST_BYTES = 1024 * 1024


def _kind(word: str) -> str:
    for why in unknown("kind", word) if word else ():
        raise PydanticCustomError("kind", "{why}", {"why": why})
    return word


class ItemEntry(Part):
    """The variables of a step; those left out are empty, or follow from the kind."""

    kind: Annotated[str, Field(description="Kind of the step."), AfterValidator(_kind)] = ""
    class_: Annotated[str | None, Field(alias="class", description="Class that limits count it under.")] = None
    danger: Annotated[str | None, Field(description="How much it disturbs.")] = None
    cause: Annotated[str, Field(description="intent, drift or conflict.")] = "intent"
    subject: Annotated[str, Field(description="What it is about.")] = ""
    key: Annotated[str, Field(description="Key of the user.")] = ""
    product: Annotated[str, Field(description="Code of the product.")] = ""
    subscription: Annotated[str, Field(description="Name of the subscription.")] = ""
    before: Annotated[Any, Field(description="What is there now.")] = None
    after: Annotated[Any, Field(description="What will be there.")] = None
    profiles: Annotated[list[str], Field(description="Profiles of the subscription.")] = []
    offer: Annotated[str, Field(description="Offer of the subscription.")] = ""
    counts: Annotated[dict[str, int], Field(description="Changes of the run by class.")] = {}
    counts_here: Annotated[dict[str, int], Field(description="Changes of the subscription by class.")] = {}
    notices: Annotated[list[str], Field(description="Codes of the mails it causes.")] = []

    def whole(self) -> dict[str, Any]:
        """Every variable with its value."""
        kind = KINDS.get(self.kind)
        given = {name: part for name, part in self.model_dump(by_alias=True).items() if part is not None}
        follows = {"class": kind.limit if kind else "", "danger": kind.danger if kind else "safe"}
        counts = {"counts": whole(self.counts), "counts_here": whole(self.counts_here)}
        return {"before": None, "after": None, **follows, **given, **counts}


class CaseEntry(Part):
    """One item and what the rules are expected to say of it."""

    name: Annotated[Text, Field(description="What the case is about.")]
    item: Annotated[ItemEntry, Field(description="The step.")]
    expect: Annotated[
        Literal["deny", "warn", "require_approver", "pass"], Field(description="The strictest effect, or pass.")
    ]
    policy: Annotated[str | None, Field(description="The rule that is expected to say it.")] = None


class CasesFile(Part):
    """Cases, with the rules they ask or the fleet that has them."""

    fleet: Annotated[str | None, Field(description="Fleet whose policies are asked, relative to this file.")] = None
    policies: Annotated[list[PolicyRule], Field(description="Rules of this file's own.")] = []
    cases: Annotated[list[CaseEntry], Field(min_length=1, max_length=10_000, description="The cases.")]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a case; `found` is what the rules said of it."""

    file: str
    name: str
    where: Where
    expected: str
    policy: str | None
    found: tuple[Finding, ...]

    @property
    def said(self) -> str:
        """The strictest effect of all findings."""
        effects = {finding.effect for finding in self.found}
        return next((effect for effect in STRICTEST if effect in effects), "pass")

    @property
    def passed(self) -> bool:
        """True when the rules said what was expected, and the right rule did."""
        told = {finding.policy for finding in self.found if finding.effect == self.expected}
        return self.said == self.expected and (self.policy is None or self.policy in told)

    def lines(self) -> Iterator[str]:
        """The case in words, with what was said when that is not what was expected."""
        yield f"{'ok    ' if self.passed else 'FAILED'}  {shorten(self.name, 100)}"
        if self.passed:
            return
        by = f" by {self.policy}" if self.policy else ""
        yield f"        {self.where}: expected {self.expected}{by}, found {self.said}"
        for finding in self.found:
            yield f"        {finding.effect} by {finding.policy}: {shorten(finding.message, 200)}"


def tested(paths: Sequence[Path], clock: Clock, fleet: str = ".") -> Iterator[Verdict]:
    """The verdict on every case of the files; `fleet` has the policies where a file names none.

    Raises InvalidFiles for a file that cannot be used.
    """
    for path in paths:
        document = parse(path.as_posix(), _content(path))
        spec = _typed(document)
        rules = _rules(spec, document, path, clock, fleet)
        for number, case in enumerate(spec.cases):
            yield _verdict(case, rules, document, number)


def _content(path: Path) -> bytes:
    try:
        with opened(path) as file:
            return file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise WrongCommand(f'"{visible(str(path))}" cannot be read: {reason(error)}.') from error


def _typed(document: Document) -> CasesFile:
    try:
        return CasesFile.model_validate(document.data)
    except ValidationError as error:
        raise InvalidFiles(
            [
                document.problem("policy-case", _worded(found), document.where(tuple(found["loc"])))
                for found in error.errors(include_url=False)
            ]
        ) from None


def _worded(found: Mapping[str, Any]) -> str:
    name = str(list(found["loc"] or ["the file"])[-1])
    if found["type"] == "extra_forbidden":
        known = VARIABLES if "item" in found["loc"] else CasesFile.model_fields.keys() | CaseEntry.model_fields.keys()
        return f'unknown key "{shorten(name)}".{did_you_mean(name, sorted(known - {name}))}'
    return f"{shorten(name)}: {found['msg'][:1].lower()}{found['msg'][1:]}"


def _rules(spec: CasesFile, document: Document, path: Path, clock: Clock, fleet: str) -> Rules:
    if spec.policies:
        return rules_from(spec.policies, document.where)
    return open_desk(Order(str(path.parent / spec.fleet) if spec.fleet else fleet), clock).policies


def _verdict(case: CaseEntry, rules: Rules, document: Document, number: int) -> Verdict:
    where = document.where(("cases", number))
    found = judge_item(case.item.whole(), rules.each)
    return Verdict(document.file, case.name, where, case.expect, case.policy, found)
