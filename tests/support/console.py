"""The console of an administrator, for tests: what is stored of her subscription, and who was mailed."""

from datetime import date

from flexsync.snapshot import Snapshot
from flexsync.state import Product
from tests.support.stored import LAURE, PAUL, brought, user
from tests.support.web import Web, dupont

CONSOLE = "/console/dupont"
USERS = {"p.martin": user(PAUL, "compta", "paye"), "l.petit": user(LAURE, "compta")}
#: A product whose data came back.
LOCAL = Product("evolution", confirmed_empty_on=date(2026, 11, 25))


def again(web: Web, **fields: object) -> Web:
    """The files bring other things; their mails leave."""
    assert brought(web.store, dupont(**fields)).status in ("applied", "unchanged")
    web.forget_mails()
    return web


def snapshot(web: Web) -> Snapshot:
    return web.store.snapshots(["dupont"])["dupont"]


def mailed(web: Web) -> dict[str, tuple[str, ...]]:
    """Codes by recipient; one mail each."""
    return {recipient: codes for recipient, codes, _ in web.mails()}


def drifted(web: Web) -> bool:
    """Sound, and other than what the files brought."""
    assert web.store.check() == []
    return snapshot(web).current != snapshot(web).applied
