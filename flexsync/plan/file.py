"""A plan in a file: canonical JSON with its own digest, read back strictly.

In: a Plan, or bytes that claim to be one. Out: bytes, or a Plan. The digest finds damage and careless
edits; what protects apply is that it plans again and compares (`differences`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NoReturn

from flexsync.errors import PlanUnusable
from flexsync.plan.data import FORMAT, from_data, masked, step_data, to_data
from flexsync.plan.model import Binding, Plan, Step, SubscriptionPlan
from flexsync.state import canonical, digest
from flexsync.text import count, shorten

MAX_BYTES = 64 * 1024 * 1024
_AGAIN = "Make a new one with flexsync plan."
_BINDING_WORDS = {
    "store": "another store",
    "as_of": "another day",
    "catalogue": "another catalogue",
    "tool": "another version of flexsync",
    "commit": "another commit of the files",
    "limits": "other limits",
    "policies": "other policies",
    "acks": "other acknowledgements",
    "targets": "another choice of subscriptions",
    "excludes": "another choice of subscriptions",
    "base": "the change from one revision of the files to another, without a store",
    "head": "the change from one revision of the files to another, without a store",
    "undoes": "another run to take back",
    "edits": "another edit of the files",
}


def to_json(plan: Plan) -> bytes:
    """The saved form of `plan`; equal plans have equal bytes."""
    data = to_data(plan)
    return (canonical({**data, "digest": digest(data)}) + "\n").encode()


def plan_digest(plan: Plan) -> str:
    """The digest that the saved form carries."""
    return digest(to_data(plan))


def from_json(content: bytes) -> Plan:
    """The Plan of a file; raises PlanUnusable on anything that `to_json` did not write."""
    data = _parsed(content)
    if not isinstance(data, dict) or "format" not in data:
        raise PlanUnusable(f"This is not a plan file. {_AGAIN}")
    if data["format"] != FORMAT:
        found = shorten(str(data["format"]))
        raise PlanUnusable(f"The plan has format {found}; this release reads format {FORMAT}. {_AGAIN}")
    _check_digest(data)
    _check_shape(data)
    return _plan(data)


def differences(saved: Plan, fresh: Plan) -> tuple[str, ...]:
    """What a fresh plan has otherwise, line by line; empty when the saved one may be applied."""
    return (*_binding_differences(saved.binding, fresh.binding), *_plan_differences(saved, fresh))


def _parsed(content: bytes) -> Any:
    if len(content) > MAX_BYTES:
        raise PlanUnusable(f"The plan file has {len(content)} bytes; at most {MAX_BYTES} are read. {_AGAIN}")
    try:
        return json.loads(
            content.decode("utf-8"), object_pairs_hook=_unique, parse_float=_no_number, parse_constant=_no_number
        )
    except RecursionError:
        raise PlanUnusable(f"The plan file is nested too deep to be a plan. {_AGAIN}") from None
    except ValueError:
        raise PlanUnusable(f"The plan file is cut off or is not JSON. {_AGAIN}") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of a plan")


def _check_digest(data: dict[str, Any]) -> None:
    if data.get("digest") != _digest_of_rest(data):
        raise PlanUnusable(
            f"The plan file was edited or damaged after it was made: its digest does not match. {_AGAIN}"
        )


def _digest_of_rest(data: dict[str, Any]) -> str:
    """The digest of all other fields; empty when they are nothing that this program writes."""
    try:
        return digest({name: part for name, part in data.items() if name != "digest"})
    except (RecursionError, UnicodeEncodeError):
        return ""


def _check_shape(data: dict[str, Any]) -> None:
    import jsonschema_rs

    from flexsync.plan.schema import SCHEMA

    error = next(jsonschema_rs.validator_for(SCHEMA).iter_errors(data), None)
    if error is not None:
        place = "/".join(str(part) for part in error.instance_path) or "the top"
        raise PlanUnusable(f"The plan file does not have the shape of a plan, at {shorten(place)}. {_AGAIN}")


def _plan(data: dict[str, Any]) -> Plan:
    try:
        return from_data(data)
    except ValueError:
        raise PlanUnusable(f"The plan file holds a date that does not exist. {_AGAIN}") from None


def _binding_differences(saved: Binding, fresh: Binding) -> Iterator[str]:
    for name, words in _BINDING_WORDS.items():
        before, after = _shown(getattr(saved, name)), _shown(getattr(fresh, name))
        if before != after:
            yield f"made for {words} ({name}): {before or 'none'} -> {after or 'none'}"


def _shown(value: Any) -> str:
    return shorten(" ".join(value) if isinstance(value, tuple) else str(value))


def _plan_differences(saved: Plan, fresh: Plan) -> Iterator[str]:
    before, after = ({plan.name: plan for plan in each.subscriptions} for each in (saved, fresh))
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if new is None:
            yield f"{name}: has nothing to do any more"
        elif old is None:
            yield f"{name}: has {count(len(new.steps), 'step')} now, and none in the plan"
        else:
            yield from (f"{name}: {line}" for line in _subscription_differences(old, new))
    yield from _problem_differences(saved, fresh)
    if set(saved.findings) != set(fresh.findings):
        yield f"findings of policies: {len(saved.findings)} -> {len(fresh.findings)}"


def _problem_differences(saved: Plan, fresh: Plan) -> Iterator[str]:
    before, after = ({(p.code, p.subscription, p.message) for p in each.problems if p.fatal} for each in (saved, fresh))
    if before != after:
        yield f"problems in the files: {len(before)} -> {len(after)}"


def _subscription_differences(saved: SubscriptionPlan, fresh: SubscriptionPlan) -> Iterator[str]:
    if saved.revision != fresh.revision:
        yield f"the store moved on: revision {saved.revision} -> {fresh.revision}"
    if saved.digest != fresh.digest:
        yield "the files ask for something else"
    before, after = _by_identity(saved), _by_identity(fresh)
    yield from (f"no longer: {before[key].change.words}" for key in before if key not in after)
    yield from (f"new: {after[key].change.words}" for key in after if key not in before)
    yield from (_moved(before[key], after[key]) for key in before if key in after and before[key] != after[key])


def _by_identity(plan: SubscriptionPlan) -> Mapping[tuple[str, str, str], Step]:
    """The steps by what they do; two assertions of one subscription differ in their fields."""
    steps = (_comparable(step) for step in plan.steps)
    return {(step.change.kind, step.change.subject, _fields(step)): step for step in steps}


def _comparable(step: Step) -> Step:
    return replace(step, change=masked(step.change), where=None, layer="")


def _fields(step: Step) -> str:
    return ",".join(sorted(step.change.after)) if step.change.subject == "subscription" else ""


def _moved(before: Step, after: Step) -> str:
    if before.ready != after.ready:
        return (
            f"{after.change.words}: {'was ready, is held back now' if before.ready else 'was held back, is ready now'}"
        )
    return f"{after.change.words}: not as it was planned ({', '.join(_moved_fields(before, after))})"


def _moved_fields(before: Step, after: Step) -> list[str]:
    """The fields of two steps that differ, each as `name was -> is`."""
    from deepdiff import DeepDiff

    groups = DeepDiff(step_data(before), step_data(after), view="tree").values()
    levels = sorted((level for group in groups for level in group), key=lambda level: level.path())
    return [f"{_name(level)} {shorten(str(level.t1))} -> {shorten(str(level.t2))}" for level in levels]


def _name(level: Any) -> str:
    return shorten(".".join(str(part) for part in level.path(output_format="list")))
