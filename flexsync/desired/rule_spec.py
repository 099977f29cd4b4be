"""The typed mirrors of what a fleet file says about plans: policies, and drift that is expected."""

from typing import Annotated, Literal

from pydantic import Field

from flexsync.desired.spec_types import Day, Part, Slug, Text

#: Longer expressions are refused: an expression is read by people, and its cost is bounded by its length.
LONGEST_EXPRESSION = 1000

Glob = Annotated[str, Field(min_length=1, max_length=200)]


class PolicyRule(Part):
    """A rule over the steps of a plan."""

    name: Annotated[Slug, Field(description="Name of the rule, shown with what it finds.", examples=["no-late-hires"])]
    when: Annotated[
        str,
        Field(
            min_length=1,
            max_length=LONGEST_EXPRESSION,
            description="CEL expression over one step; true when the rule applies to it.",
            examples=['kind == "user.create" && "payroll" in profiles'],
        ),
    ]
    effect: Annotated[
        Literal["deny", "warn", "require_approver"],
        Field(description="What follows for the subscription of the step.", examples=["deny"]),
    ]
    message: Annotated[
        Text, Field(description="Told to the reader of the plan.", examples=["Ask the payroll team first."])
    ]
    approvers: Annotated[
        list[Text],
        Field(
            max_length=50,
            description="Who may allow it, with effect: require_approver; one of them is enough.",
            examples=[["c.morel"]],
        ),
    ] = []


class DriftAllowed(Part):
    """Drift that is known and left alone until a day."""

    subscription: Annotated[Glob, Field(description="Pattern of subscription names.", examples=["boulangerie-*"])]
    subject: Annotated[
        Glob,
        Field(description="Pattern of subjects, such as user/KEY or access/KEY/PRODUCT.", examples=["access/j.roux/*"]),
    ]
    reason: Annotated[Text, Field(description="Why it is allowed.", examples=["Julie stands in for Marc."])]
    until: Annotated[Day, Field(description="Last day, included.", examples=["2026-06-30"])]
