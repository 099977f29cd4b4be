"""Where in the files a Change was asked for."""

from flexsync.desired.model import Path
from flexsync.plan.change import Change
from flexsync.state import ADMIN_KEY, PERSON_FIELDS

_FIELDS = {
    "user.change_email": "email",
    "user.propose_email": "email",
    "user.withdraw_email": "email",
    "user.schedule": "ends_on",
    "user.move_key": "previously",
    "user.delete": "state",
    "hosted_opt_out.set": "hosted_opt_out",
    "hosted_opt_out.clear": "hosted_opt_out",
    "admin.change_email": "email",
    "admin.propose_email": "email",
    "admin.withdraw_email": "email",
    "data_mode.to_hosted": "data_mode",
    "data_mode.to_local": "data_mode",
    "service.rotate_password": "password_from",
    "service.send_password": "recipients",
}


def path_of(change: Change) -> Path:
    """The path of the value that asks for `change`; a person left out has only the section."""
    section, *rest = change.parts
    if section == "subscription":
        return _subscription_path(change)
    if section == "admin" or rest[0] == ADMIN_KEY:
        return _admin_path(change)
    if section == "access":
        return ("users", rest[0], "access")
    if section == "dossier":
        return ("products", rest[0], "dossiers", *rest[1:])
    field = _FIELDS.get(change.kind) or _own_field(change)
    return (f"{section}s", rest[0], field) if field else (f"{section}s", rest[0])


def _subscription_path(change: Change) -> Path:
    if change.kind == "subscription.register":
        return ("name",)
    name = min(change.after)
    return ("state" if name == "status" else name,)


def _admin_path(change: Change) -> Path:
    if change.parts[0] == "access":
        return ("admin", "access")
    if change.parts[0] == "user":
        return ("admin", "also_user")
    field = _FIELDS.get(change.kind) or _own_field(change)
    return ("admin", field) if field else ("admin",)


def _own_field(change: Change) -> str:
    """The first field of somebody's own data that moved: it may be written elsewhere, once for all who name them."""
    if not change.kind.endswith(".update") or change.parts[0] not in ("user", "admin"):
        return ""
    before, after = (side.get("person", side) for side in (change.before, change.after))
    return next((name for name in PERSON_FIELDS if before.get(name) != after.get(name)), "")
