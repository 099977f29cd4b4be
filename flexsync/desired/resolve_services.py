"""The connected services of `resolve`: on, pending its papers, or off (guide, step 3)."""

from collections.abc import Mapping
from dataclasses import replace

from flexsync.desired.asked import Asked
from flexsync.desired.spec_services import EvidenceEntry, ServiceEntry
from flexsync.state import Evidence, Service, State

Missing = Mapping[str, tuple[str, ...]]


def services(asked: Asked, state: State, moves: Mapping[str, str]) -> tuple[dict[str, Service], Missing]:
    """The desired services, and by service the papers it still waits for.

    `state` has the settled contract and users; recipients who lost their seat are dropped.
    """
    before = {code: _following(service, state, moves) for code, service in asked.current_services.items()}
    if asked.services is None and not asked.closed:
        return dict(sorted(before.items())), {}
    entries = {} if asked.closed else asked.services or {}
    settled = {code: _one(asked, code, before.get(code), state) for code in sorted({*before, *entries})}
    kept = {code: service for code, service in settled.items() if service is not None}
    waiting = (code for code, service in kept.items() if service.status == "pending")
    return kept, {code: missing_papers(asked, code, kept[code].evidence) for code in waiting}


def missing_papers(asked: Asked, code: str, evidence: Mapping[str, Evidence]) -> tuple[str, ...]:
    """The prerequisites of a service that no dated evidence, and nobody's word, covers on the day."""
    known = asked.catalogue.services.get(code)
    return tuple(
        paper
        for paper in (known.prerequisites if known else ())
        if not evidence.get(paper, Evidence()).proves(asked.as_of)
    )


def _is_wanted(asked: Asked, entry: ServiceEntry, before: Service | None) -> bool:
    """Whether the service is to be on; `enabled` omitted leaves it as it is."""
    on = (before is not None and before.status != "off") if entry.enabled is None else entry.enabled
    last = entry.ends_on or (before.ends_on if before else None)
    return on and (last is None or asked.as_of <= last)


def _one(asked: Asked, code: str, before: Service | None, state: State) -> Service | None:
    entry = None if asked.closed else (asked.services or {}).get(code)
    if entry is None or not _is_wanted(asked, entry, before):
        return replace(before, status="off") if before else None
    described = _described(entry, before or Service(), state)
    if before is not None and before.status == "active":
        return replace(described, status="active")
    waits = missing_papers(asked, code, described.evidence)
    return replace(described, status="pending" if waits else "active")


def _described(entry: ServiceEntry, kept: Service, state: State) -> Service:
    recipients = kept.recipients if entry.recipients is None else entry.recipients
    return Service(
        sirets=kept.sirets if entry.sirets is None else tuple(sorted(set(entry.sirets))),
        recipients=tuple(sorted(set(recipients) & state.present.keys())),
        evidence=dict(kept.evidence) | _evidence(entry.prerequisites),
        secret=(entry.password_from.reference if entry.password_from else "") or kept.secret,
        creditor_id=entry.creditor_id or kept.creditor_id,
        iban=entry.iban or kept.iban,
        bic=entry.bic or kept.bic,
        ends_on=entry.ends_on or kept.ends_on,
    )


def _following(service: Service, state: State, moves: Mapping[str, str]) -> Service:
    """A service that is on follows its recipients to their new keys, and forgets those who left."""
    if service.status == "off":
        return service
    recipients = {moves.get(key, key) for key in service.recipients}
    return replace(service, recipients=tuple(sorted(recipients & state.present.keys())))


def _evidence(entries: Mapping[str, EvidenceEntry | None] | None) -> dict[str, Evidence]:
    return {paper: _proof(entry) for paper, entry in sorted((entries or {}).items()) if entry is not None}


def _proof(entry: EvidenceEntry) -> Evidence:
    return Evidence(
        entry.sent_on, entry.authorisation or "", entry.reference or "", acknowledged_by=entry.acknowledged_by or ""
    )
