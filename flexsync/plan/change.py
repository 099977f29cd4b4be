"""Change: one difference between two States; KINDS: everything that can differ, in the order it is done.

The table is the one place that knows the kinds. A new kind is a row here, a comparison in `diff`
and its effect in `patch`.
"""

from dataclasses import dataclass
from typing import Any, Literal

Danger = Literal["safe", "disruptive", "destructive"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table. `limit` is the class that limits count it under; `count` its word in the summary."""

    name: str
    symbol: str
    words: str
    danger: Danger
    limit: str = ""
    count: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` and `after` are plain data; None means that there is nothing.

    Subjects: `subscription`, `admin`, `user/KEY`, `access/KEY/PRODUCT`, `product/CODE`,
    `dossier/PRODUCT/CODE`, `service/CODE`.
    """

    kind: str
    subject: str
    before: Any = None
    after: Any = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The subject in its parts: `("access", "p.martin", "compta")`."""
        return tuple(self.subject.split("/"))

    @property
    def owner(self) -> str:
        """The subject that it belongs to: `user/p.martin` of an access, `product/compta` of a dossier."""
        section, *names = self.parts
        return "/".join([_OWNERS.get(section, section), *names[:1]])

    @property
    def words(self) -> str:
        """The change in a few words: `deactivate p.martin`, `revoke compta from p.martin`."""
        kind = KINDS[self.kind].words
        section, *names = self.parts
        if section == "access":
            return f"{kind} {names[1]} {'to' if self.after else 'from'} {names[0]}"
        return " ".join([kind, *names])


_OWNERS = {"access": "user", "dossier": "product"}

#: In the order in which a run does them: what makes room first, what takes away last.
_TABLE = (
    Kind("subscription.register", "+", "register", "safe", count="register"),
    Kind("subscription.update", "~", "update customer", "safe", count="update"),
    Kind("subscription.assert", "!", "contract changed", "destructive", "contract", "contract"),
    Kind("subscription.renew", "!", "contract renewed", "safe", "contract", "contract"),
    Kind("seats.raise", "!", "seats raised", "safe", "contract", "contract"),
    Kind("user.move_key", ">", "rename", "safe", count="rename"),
    Kind("offer.upgrade", "!", "offer upgraded", "safe", "contract", "contract"),
    Kind("product.add", "!", "product added", "safe", "contract", "contract"),
    Kind("admin.create", "+", "invite administrator", "safe", "invite", "invite"),
    Kind("admin.link", "+", "link administrator", "safe", count="link"),
    Kind("admin.update", "~", "update administrator", "disruptive", count="update"),
    Kind("admin.propose_email", "~", "propose administrator's e-mail", "safe", "admin_change", "update"),
    Kind("admin.withdraw_email", "~", "withdraw administrator's proposed e-mail", "safe", count="update"),
    Kind("admin.change_email", "~", "change administrator's e-mail", "disruptive", "admin_change", "update"),
    Kind("admin.withdraw_successor", "~", "withdraw successor's invitation", "safe", count="update"),
    Kind("admin.invite_successor", "+", "invite successor", "disruptive", "admin_change", "admin"),
    Kind("admin.replace", "!", "replace administrator", "destructive", "admin_change", "admin"),
    Kind("access.revoke", "-", "revoke", "disruptive", "revoke", "revoke"),
    Kind("user.deactivate", "-", "deactivate", "disruptive", "deactivate", "deactivate"),
    Kind("user.create", "+", "invite", "safe", "invite", "invite"),
    Kind("user.link", "+", "link", "safe", count="link"),
    Kind("user.reactivate", "+", "reactivate", "safe", "invite", "invite"),
    Kind("invitation.resend", "+", "resend invitation", "safe", "invite", "invite"),
    Kind("user.update", "~", "update", "safe", count="update"),
    Kind("user.schedule", "~", "reschedule", "safe", count="update"),
    Kind("user.propose_email", "~", "propose e-mail", "safe", count="update"),
    Kind("user.withdraw_email", "~", "withdraw proposed e-mail", "safe", count="update"),
    Kind("user.change_email", "~", "change e-mail", "disruptive", count="update"),
    Kind("hosted_opt_out.set", "~", "opt out of hosted data", "disruptive", count="update"),
    Kind("hosted_opt_out.clear", "~", "opt in to hosted data", "disruptive", count="update"),
    Kind("access.grant", "+", "grant", "safe", count="grant"),
    Kind("user.delete", "!", "delete", "destructive", "delete", "delete"),
    Kind("seats.lower", "!", "seats lowered", "disruptive", "contract", "contract"),
    Kind("dossier.record", "~", "record retrieval", "safe", count="update"),
    Kind("dossier.forget", "-", "forget dossier", "disruptive", count="update"),
    Kind("data_mode.to_hosted", ">", "host data online", "disruptive", count="data mode"),
    Kind("data_mode.to_local", "!", "bring data back", "destructive", "data_mode", "data mode"),
    Kind("service.request", "+", "request", "safe", count="service"),
    Kind("service.activate", "+", "activate", "safe", count="service"),
    Kind("service.update", "~", "update", "safe", count="update"),
    Kind("service.rotate_password", "~", "rotate shared password", "disruptive", count="update"),
    # Asked for on the command line or in the portal, never by files.
    Kind("service.send_password", "~", "tell shared password", "safe", count="update"),
    Kind("password.reset", "~", "reset password", "disruptive", count="update"),
    Kind("service.withdraw", "-", "withdraw", "safe", count="service off"),
    Kind("service.deactivate", "-", "switch off", "disruptive", "service_off", "service off"),
    Kind("product.remove", "!", "product removed", "destructive", "contract", "contract"),
    Kind("offer.downgrade", "!", "offer downgraded", "destructive", "contract", "contract"),
    Kind("subscription.close", "!", "close", "destructive", "close", "close"),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _TABLE}
ORDER: dict[str, int] = {kind.name: place for place, kind in enumerate(_TABLE)}
LIMIT_CLASSES = (
    "invite", "revoke", "deactivate", "service_off", "data_mode", "admin_change", "contract", "delete", "close", "undo",
)  # fmt: skip
