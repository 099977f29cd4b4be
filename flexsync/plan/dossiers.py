"""Dossiers: when hosted data may come back (guide, step 3: retrieving the dossiers is imperative).

In: a product before and after, and facts. Out: what was not retrieved, in words. Plan asks it when it is
made, apply asks it again under the lock. What is forgotten while it is online could be lost later without
anybody being asked, so that forgetting needs a retrieval too.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flexsync.plan.change import Change
from flexsync.snapshot import DOSSIER_CHANGED, HOSTED_SINCE
from flexsync.state import Dossier, Product, day


def not_retrieved(
    product: str, stored: Product | None, declared: Product | None, facts: Mapping[str, str]
) -> Iterator[str]:
    """Why the data of `product` cannot come back yet, dossier by dossier; nothing when it can.

    `stored` is the product as the store has it, `declared` as it is to be; dossiers that only the
    facts know of count too.
    """
    dossiers: dict[str, Dossier] = {**(stored.dossiers if stored else {}), **(declared.dossiers if declared else {})}
    hosted = day(facts.get(HOSTED_SINCE.format(product)))
    changed = changes_online(product, facts)
    for code in sorted(dossiers.keys() | changed.keys()):
        yield from _one_not_retrieved(code, dossiers.get(code, Dossier()), changed.get(code), hosted)
    if not dossiers and not changed:
        yield from _not_confirmed(product, declared.confirmed_empty_on if declared else None, hosted)


def unsafe(
    change: Change, before: Mapping[str, Product], after: Mapping[str, Product], facts: Mapping[str, str]
) -> Iterator[str]:
    """Why `change` might lose books: it takes back data, or forgets a dossier that is still online.

    `before` and `after` are the products as stored and as they are to be; nothing when it is safe.
    """
    if change.kind == "data_mode.to_local":
        code = change.parts[1]
        yield from not_retrieved(code, before.get(code), after.get(code), facts)
    if change.kind == "dossier.forget":
        _, product, code = change.parts
        yield from _not_forgettable(code, product, before.get(product), facts)


def _not_forgettable(code: str, product: str, stored: Product | None, facts: Mapping[str, str]) -> Iterator[str]:
    if stored is None or stored.data_mode != "hosted":
        return
    changed, hosted = changes_online(product, facts).get(code), day(facts.get(HOSTED_SINCE.format(product)))
    for why in _one_not_retrieved(code, stored.dossiers.get(code, Dossier()), changed, hosted):
        yield f"{why}; keep it declared until its retrieved_on is written"


def loses_proof(kind: str, before: Any, after: Any) -> bool:
    """True of a change after which what was retrieved, or seen to be empty, counts no more."""
    return kind == "dossier.record" and bool(_proof(before)) and not _proof(after)


def _proof(side: Any) -> Any:
    return side.get("retrieved_on") if isinstance(side, Mapping) else side


def changes_online(product: str, facts: Mapping[str, str]) -> dict[str, date]:
    """The last day on which each dossier of `product` changed online, as the facts tell."""
    prefix, suffix = DOSSIER_CHANGED.format(product, "|").split("|")
    names = {name: name.removeprefix(prefix).removesuffix(suffix) for name in facts if name.startswith(prefix)}
    return {code: date.fromisoformat(facts[name]) for name, code in names.items() if name.endswith(suffix)}


def _one_not_retrieved(code: str, dossier: Dossier, changed: date | None, hosted: date | None) -> Iterator[str]:
    since = _since(changed, hosted)
    last = changed or hosted
    if dossier.retrieved_on is None:
        yield f"dossier {code} {since}, never retrieved"
    elif last is not None and dossier.retrieved_on < last:
        yield f"dossier {code} {since}, last retrieved {dossier.retrieved_on:%d/%m/%Y}"


def _since(changed: date | None, hosted: date | None) -> str:
    if changed:
        return f"changed online on {changed:%d/%m/%Y}"
    return f"is hosted since {hosted:%d/%m/%Y}" if hosted else "is online"


def _not_confirmed(product: str, confirmed: date | None, hosted: date | None) -> Iterator[str]:
    if confirmed is None or (hosted is not None and confirmed < hosted):
        yield (
            f"no dossier of {product} is declared; declare each, or write confirmed_empty_on "
            "with the day on which somebody saw that nothing is online"
        )
