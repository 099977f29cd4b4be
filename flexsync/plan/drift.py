"""The part of a plan that somebody else than the files has caused."""

from dataclasses import replace

from flexsync.plan.model import Plan, SubscriptionPlan


def only_drift(plan: Plan) -> Plan:
    """`plan` with the steps whose cause is drift or conflict, and no limits: nothing will be done."""
    parts = (_drifted(one) for one in plan.subscriptions)
    return replace(plan, subscriptions=tuple(one for one in parts if one.steps), trips=())


def _drifted(plan: SubscriptionPlan) -> SubscriptionPlan:
    steps = tuple(step for step in plan.steps if step.cause != "intent")
    return replace(plan, steps=steps, unmanaged=(), trips=(), occupied_after=plan.occupied)
