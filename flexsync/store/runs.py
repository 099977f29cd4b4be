"""Runs: who wrote, when, with which plan, and how it ended."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, update

from flexsync.errors import PlanUnusable
from flexsync.store.base import Run, RunResult
from flexsync.store.leases import DURATION
from flexsync.store.rows import dump
from flexsync.store.tables import lease, run


def new_id() -> str:
    """Twelve hexadecimal digits that no other run has."""
    return secrets.token_hex(6)


def begin(connection: Connection, new: Run) -> Run:
    """Record the start of a run; raises PlanUnusable when its saved plan was used before."""
    _close_dead(connection, new.started_at)
    if new.plan_digest:
        _refuse_if_used(connection, new.plan_digest)
    values = {
        "id": new.id,
        "actor": new.actor,
        "host": new.host,
        "command": new.command,
        "commit_id": new.commit,
        "plan_digest": new.plan_digest or None,
        "started_at": new.started_at,
        "result": new.result,
        "counts": dump({}),
    }
    connection.execute(run.insert().values(values))
    return new


def begin_within(connection: Connection, command: str, actor: str, now: datetime) -> Run:
    """The start of a run that is one transaction, this one, and needs no lease."""
    return begin(connection, Run(new_id(), actor, "", command, now))


def end(connection: Connection, ended: Run, result: RunResult, counts: Mapping[str, int], now: datetime) -> Run:
    """Record how a run ended."""
    values = {"result": result, "counts": dump(dict(counts)), "ended_at": now}
    connection.execute(update(run).where(run.c.id == ended.id).values(values))
    return replace(ended, result=result, counts=dict(counts), ended_at=now)


def was_done(connection: Connection, command: str, since: datetime) -> bool:
    """True when a run of `command` that began since then was carried through."""
    mine = select(run.c.id).where(run.c.command == command, run.c.started_at >= since, run.c.result == "done")
    return connection.execute(mine.limit(1)).first() is not None


def did_something() -> ColumnElement[bool]:
    """True of all runs but those that looked for reminders, as happens each day, and found none."""
    return or_(run.c.command != "remind", run.c.counts != dump({"queued": 0}))


def _refuse_if_used(connection: Connection, plan_digest: str) -> None:
    earlier = connection.execute(select(run).where(run.c.plan_digest == plan_digest)).first()
    if earlier:
        raise PlanUnusable(
            f"This plan was used by run {earlier.id} on {earlier.started_at:%Y-%m-%d at %H:%M} UTC. Plan again."
        )


def gave_up(now: datetime) -> ColumnElement[bool]:
    """True of a run that is said to go on, and gave no sign of life for too long."""
    alive = exists().where(lease.c.run == run.c.id, lease.c.until > now)
    return and_(run.c.result == "running", run.c.started_at < now - DURATION, ~alive)


def _close_dead(connection: Connection, now: datetime) -> None:
    """Mark runs that gave no sign of life; a plan that one of them was killed with may be used again."""
    dead = update(run).where(gave_up(now))
    connection.execute(dead.values(result="abandoned", ended_at=now, plan_digest=None))
