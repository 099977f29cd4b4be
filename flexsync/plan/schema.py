"""The JSON Schema of a saved plan (format 1); `schemas/plan.schema.json` is its printed form."""

from typing import Any

from flexsync.plan.change import KINDS, LIMIT_CLASSES
from flexsync.plan.data import FORMAT

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 2**53}
_DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"}


def _record(description: str, **fields: Any) -> dict[str, Any]:
    """An object with exactly `fields`."""
    return {
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "required": sorted(fields),
        "properties": fields,
    }


def _list(description: str, items: Any) -> dict[str, Any]:
    return {"description": description, "type": "array", "items": items}


def _text(description: str) -> dict[str, Any]:
    return {**_TEXT, "description": description}


def _count(description: str) -> dict[str, Any]:
    return {**_COUNT, "description": description}


_WHERE = _record(
    "A place in the files; line and column count from 1.",
    file=_text("Path, relative to the fleet."),
    line=_count("Line."),
    column=_count("Column, in characters."),
)
_TRIP = _record(
    "A limit that is exceeded and not acknowledged.",
    limit={"description": "Class of changes.", "enum": list(LIMIT_CLASSES)},
    planned=_count("Changes of the class in this scope."),
    population=_count("What exists of it."),
    bound=_text("The limit in words."),
    scope={"description": "One subscription or the whole run.", "enum": ["each", "fleet"]},
    total=_count("Changes of the class in the whole run: the number that lifts the limit."),
    acknowledged={"description": "The number that was given.", "anyOf": [_COUNT, {"type": "null"}]},
)
_NOTICE = _record(
    "A mail that the step causes.",
    code={"description": "Which mail.", "type": "string", "pattern": "^N[0-9]{1,2}$"},
    to=_text("Address."),
    language=_text("Language of the mail."),
)
_BLOCK = _record(
    "Why the step is not done.",
    code=_text("What holds it."),
    message=_text("In words, with the next action."),
    root=_text("First cause, when the step only waits for another one; else empty."),
)
_STEP = _record(
    "One change, in the order in which it is done.",
    kind={"description": "What is done.", "enum": list(KINDS)},
    subject=_text("To what: subscription, admin, user/KEY, access/KEY/PRODUCT, product/CODE, service/CODE, …"),
    before={"description": "What is there now; null for nothing."},
    after={"description": "What will be there; null for nothing. Bank numbers are masked."},
    cause={
        "description": "intent: the files moved. drift: the store moved. conflict: both.",
        "enum": ["intent", "drift", "conflict"],
    },
    danger={"description": "How much it disturbs.", "enum": ["safe", "disruptive", "destructive"]},
    status={
        "description": "ready: apply does it. waiting: somebody else's act is awaited. refused: mend the files.",
        "enum": ["ready", "waiting", "refused"],
    },
    where={"description": "Where the files ask for it.", "anyOf": [_WHERE, {"type": "null"}]},
    layer=_text("Layer that gave the value."),
    notices=_list("Mails that it causes.", _NOTICE),
    blocks=_list("Why it is not done; empty when ready.", _BLOCK),
    pair=_text("Subject of the step with which it swaps one seat; else empty."),
    limit=_text("Class of limits that counts it; else empty."),
)
_PROBLEM = _record(
    "Something wrong in the files.",
    code=_text("What is wrong."),
    message=_text("In words, with the next action."),
    where=_WHERE,
    severity={"description": "A warning does not stop anything.", "enum": ["error", "warning"]},
    source=_text("The line of the file."),
    subscription=_text("Subscription that cannot be used; empty for the fleet."),
)
_SUBSCRIPTION = _record(
    "The plan of one subscription.",
    name=_text("Name of the subscription."),
    revision=_count("Revision of the store that was read; 0 when new."),
    digest=_text("Stands for the desired state."),
    seats=_count("Seats after the run."),
    occupied=_count("Seats taken before."),
    occupied_after=_count("Seats taken after."),
    steps=_list("What is done, in order.", _STEP),
    unmanaged=_list("Users that the files leave alone.", _TEXT),
    trips=_list("Limits that this subscription exceeds.", _TRIP),
    population={
        "description": "What exists, by class of limits.",
        "type": "object",
        "additionalProperties": _COUNT,
    },
    settles={"description": "True when agreed: the files now say what was changed in the portal.", "type": "boolean"},
    next_due={
        "description": "Next day on which dates change the plan by themselves.",
        "anyOf": [_DAY, {"type": "null"}],
    },
    invitation_days=_count("Life of an invitation in days."),
    invites={"description": "False when invitations are sent by hand.", "type": "boolean"},
)
_FINDING = _record(
    "What a policy of the fleet says of one step.",
    policy=_text("Name of the policy."),
    effect={
        "description": "deny and require_approver keep the subscription from being applied.",
        "enum": ["deny", "warn", "require_approver"],
    },
    message=_text("In words, from the policy."),
    subscription=_text("Subscription of the step."),
    kind=_text("Kind of the step."),
    subject=_text("Subject of the step."),
    approvers=_list("Who may allow it; one of them is enough.", _TEXT),
)
_BINDING = _record(
    "What the plan was made from; apply compares every field.",
    store=_text("Identity of the store; new: and a digest of its address when it is not created yet."),
    as_of={**_DAY, "description": "Day of the plan."},
    catalogue=_text("Digest of the catalogue."),
    tool=_text("Version of flexsync."),
    commit=_text("Commit of the files."),
    limits=_text("Digest of the limits."),
    policies=_text("Digest of the policies; empty when there are none."),
    acks=_list("Acknowledgements given, CLASS=N.", _TEXT),
    targets=_list("Subscriptions asked for, as patterns.", _TEXT),
    excludes=_list("Subscriptions left out, as patterns.", _TEXT),
    base=_text("Commit that the files were compared with; empty when they were compared with a store."),
    head=_text("Commit of the change, or worktree; empty when the files were compared with a store."),
    undoes=_text("Run that is taken back; empty for a plan of what the files ask for."),
    edits=_text("Digest of the edit of the files that goes with taking back a run; empty when they are kept."),
)

#: Draft 2020-12; no reference leaves it.
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "flexsync plan",
    **_record(
        "A saved plan: what would be done, in which order, and what holds the rest back.",
        format={"description": "Version of this format.", "const": FORMAT},
        digest={"description": "Digest of all other fields.", "type": "string", "pattern": "^[0-9a-f]{32}$"},
        binding=_BINDING,
        subscriptions=_list("Subscriptions with steps, by name.", _SUBSCRIPTION),
        problems=_list("What is wrong in the files.", _PROBLEM),
        trips=_list("Limits that the run exceeds.", _TRIP),
        orphans=_list("Subscriptions of the store without a file.", _TEXT),
        checked=_count("Subscriptions looked at."),
        findings=_list("What the policies say of ready steps.", _FINDING),
    ),
}
