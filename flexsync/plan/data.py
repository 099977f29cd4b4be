"""A Plan as plain JSON data, and back. Bank numbers are masked on the way out.

Every field is always there; `danger` and `status` of a step are written for readers of the file
and follow from the rest.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flexsync.errors import Block, Problem, Where
from flexsync.plan.change import Change
from flexsync.plan.model import Binding, Finding, Notice, Plan, Step, SubscriptionPlan, Trip
from flexsync.state import day

FORMAT = 1


def to_data(plan: Plan) -> dict[str, Any]:
    """The plan as JSON data, all but its digest."""
    return {
        "format": FORMAT,
        "binding": _binding(plan.binding),
        "subscriptions": [subscription_data(each) for each in plan.subscriptions],
        "problems": [_problem(problem) for problem in plan.problems],
        "trips": [_plain(trip) for trip in plan.trips],
        "orphans": list(plan.orphans),
        "checked": plan.checked,
        "findings": [_finding(finding) for finding in plan.findings],
    }


def subscription_data(plan: SubscriptionPlan) -> dict[str, Any]:
    """One subscription of a plan as JSON data."""
    return {
        "name": plan.name,
        "revision": plan.revision,
        "digest": plan.digest,
        "seats": plan.seats,
        "occupied": plan.occupied,
        "occupied_after": plan.occupied_after,
        "steps": [step_data(step) for step in plan.steps],
        "unmanaged": list(plan.unmanaged),
        "trips": [_plain(trip) for trip in plan.trips],
        "population": dict(plan.population),
        "settles": plan.settles,
        "next_due": plan.next_due.isoformat() if plan.next_due else None,
        "invitation_days": plan.invitation_days,
        "invites": plan.invites,
    }


def from_data(data: Mapping[str, Any]) -> Plan:
    """The Plan that `to_data` wrote; `data` obeys the schema."""
    return Plan(
        binding=_binding_from(data["binding"]),
        subscriptions=tuple(_subscription_from(part) for part in data["subscriptions"]),
        problems=tuple(_problem_from(part) for part in data["problems"]),
        trips=tuple(Trip(**part) for part in data["trips"]),
        orphans=tuple(data["orphans"]),
        checked=data["checked"],
        findings=tuple(Finding(**{**part, "approvers": tuple(part["approvers"])}) for part in data["findings"]),
    )


def masked(change: Change) -> Change:
    """`change` with all but the ends of its bank numbers hidden."""
    if change.parts[0] != "service":
        return change
    return replace(change, before=_without_iban(change.before), after=_without_iban(change.after))


def mask_iban(iban: str) -> str:
    """`FR76…0189`: enough to recognise an account, not enough to use it; a masked one stays as it is."""
    if "…" in iban:
        return iban
    return f"{iban[:4]}…{iban[-4:]}" if len(iban) > 12 else "…"


def _without_iban(part: Any) -> Any:
    return {**part, "iban": mask_iban(part["iban"])} if isinstance(part, dict) and part.get("iban") else part


def _plain(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _binding(binding: Binding) -> dict[str, Any]:
    lists = {name: list(getattr(binding, name)) for name in ("acks", "targets", "excludes")}
    return {**_plain(binding), "as_of": binding.as_of.isoformat(), **lists}


def _binding_from(data: Mapping[str, Any]) -> Binding:
    lists = {name: tuple(data[name]) for name in ("acks", "targets", "excludes")}
    return Binding(**{**data, "as_of": date.fromisoformat(data["as_of"]), **lists})


def step_data(step: Step) -> dict[str, Any]:
    """One step of a plan as JSON data."""
    change = masked(step.change)
    return {
        "kind": change.kind,
        "subject": change.subject,
        "before": change.before,
        "after": change.after,
        "cause": step.cause,
        "danger": step.kind.danger,
        "status": "ready" if step.ready else "refused" if step.refused else "waiting",
        "where": _plain(step.where) if step.where else None,
        "layer": step.layer,
        "notices": [_plain(notice) for notice in step.notices],
        "blocks": [_plain(block) for block in step.blocks],
        "pair": step.pair,
        "limit": step.limit,
    }


def _step_from(data: Mapping[str, Any]) -> Step:
    return Step(
        change=Change(data["kind"], data["subject"], data["before"], data["after"]),
        cause=data["cause"],
        where=Where(**data["where"]) if data["where"] else None,
        layer=data["layer"],
        notices=tuple(Notice(**part) for part in data["notices"]),
        blocks=tuple(Block(**part) for part in data["blocks"]),
        pair=data["pair"],
        limit=data["limit"],
    )


def _subscription_from(data: Mapping[str, Any]) -> SubscriptionPlan:
    return SubscriptionPlan(
        **{
            **data,
            "steps": tuple(_step_from(part) for part in data["steps"]),
            "unmanaged": tuple(data["unmanaged"]),
            "trips": tuple(Trip(**part) for part in data["trips"]),
            "next_due": day(data["next_due"]),
        }
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {**_plain(finding), "approvers": list(finding.approvers)}


def _problem(problem: Problem) -> dict[str, Any]:
    return {**_plain(problem), "where": _plain(problem.where)}


def _problem_from(data: Mapping[str, Any]) -> Problem:
    return Problem(**{**data, "where": Where(**data["where"])})
