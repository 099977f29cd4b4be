"""Where in the files a Change was asked for."""

from flexsync.desired.model import Path
from flexsync.plan.change import Change
from flexsync.state import ADMIN_KEY

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
    field = _FIELDS.get(change.kind)
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
    field = _FIELDS.get(change.kind)
    return ("admin", field) if field else ("admin",)
