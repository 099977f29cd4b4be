"""A plan as SARIF 2.1.0, for hosts that show findings beside the lines of the files."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from flexsync import __version__
from flexsync.errors import Where
from flexsync.plan.model import Plan
from flexsync.render.findings import RULES, Finding, findings, path
from flexsync.render.view import View

#: What hosts accept in one run; the gravest come first.
MOST = 25_000


def to_sarif(plan: Plan, view: View) -> Iterator[str]:
    """One line of JSON."""
    found = findings(plan, view)
    run = {
        "tool": {"driver": {"name": "flexsync", "version": __version__, "rules": _rules(found)}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _cut(len(found))}],
        "results": [_result(one, view) for one in found[:MOST]],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    yield json.dumps(log, ensure_ascii=False)


def _rules(found: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {"id": rule, "shortDescription": {"text": RULES.get(rule, rule.replace("-", " "))}}
        for rule in sorted({one.rule for one in found})
    ]


def _cut(number: int) -> list[dict[str, Any]]:
    if number <= MOST:
        return []
    return [{"level": "warning", "message": {"text": f"{number - MOST} findings of {number} are left out"}}]


def _result(one: Finding, view: View) -> dict[str, Any]:
    stands_for = "\n".join((one.rule, one.subscription, one.message))
    result: dict[str, Any] = {
        "ruleId": one.rule,
        "level": one.level,
        "message": {"text": _inert(one.message)},
        "partialFingerprints": {"flexsync/1": hashlib.blake2b(stands_for.encode(), digest_size=16).hexdigest()},
    }
    return {**result, "locations": [_location(one.where, view)]} if one.where else result


def _location(where: Where, view: View) -> dict[str, Any]:
    """A place by a relative address: no scheme, no host and no way up can be in it."""
    uri = "/".join(quote(part, safe="") for part in path(where, view).split("/") if part not in ("", ".", ".."))
    region = {"startLine": max(1, where.line), "startColumn": max(1, where.column)}
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}


def _inert(text: str) -> str:
    """`text` without the meaning that brackets (links) and braces (placeholders) have in messages."""
    return re.sub(r"[\\\[\]]", r"\\\g<0>", text).replace("{", "{{").replace("}", "}}")
