"""hold: the ordered steps of one subscription with all that holds them back.

In: steps and the Context. Out: the same steps, some with Blocks. First what each step meets by
itself, then what they do to each other, walked in order until nothing more is held.
"""

from collections.abc import Sequence

from flexsync.plan.context import Context
from flexsync.plan.depends import Graph
from flexsync.plan.guards import guarded
from flexsync.plan.model import Step
from flexsync.plan.renames import asked
from flexsync.plan.seats import Table, kept, paired


def hold(steps: Sequence[Step], context: Context) -> list[Step]:
    """`steps` with every Block; a round may only add some, so that the rounds come to an end."""
    held = asked([guarded(step, context) for step in steps], context.desired.settled)
    while True:
        before = held
        held = kept(_walked(before, context), context)
        if held == before:
            return paired(held, context)


def _walked(steps: Sequence[Step], context: Context) -> list[Step]:
    """One round: each step after all that it needs, and only where there is a seat."""
    graph, table = Graph.of(steps, context.catalogue), Table.of(context.current, context)
    walked = []
    for step in steps:
        placed = table.place(graph.place(step))
        graph.remember(placed)
        walked.append(placed)
    return walked
