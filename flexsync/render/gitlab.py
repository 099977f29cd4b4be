"""A plan as a code quality report of GitLab; its note is the `markdown` format."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from flexsync.plan.model import Plan
from flexsync.render.findings import Finding, findings, path
from flexsync.render.view import View
from flexsync.text import visible

_SEVERITIES = {"error": "critical", "warning": "major", "note": "info"}


def to_gitlab(plan: Plan, view: View) -> Iterator[str]:
    """One line of JSON; what is in no file stands at the fleet's first line."""
    seen: Counter[str] = Counter()
    yield json.dumps([_issue(one, view, seen) for one in findings(plan, view)], ensure_ascii=False)


def _issue(one: Finding, view: View, seen: Counter[str]) -> dict[str, Any]:
    file, line = (path(one.where, view), one.where.line) if one.where else (visible(view.base) or ".", 1)
    stands_for = "\n".join((one.rule, one.subscription, file, one.message))
    seen[stands_for] += 1
    unique = f"{stands_for}\n{seen[stands_for]}"
    return {
        "description": one.message,
        "check_name": one.rule,
        "fingerprint": hashlib.blake2b(unique.encode(), digest_size=16).hexdigest(),
        "severity": _SEVERITIES[one.level],
        "location": {"path": file, "lines": {"begin": max(1, line)}},
    }
