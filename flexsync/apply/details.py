"""What a mail tells of a change that the change alone does not say.

In: a Change, the State before and after, the facts after. Out: plain data that goes into the mail beside the change:
`identifier`, `ends_on` and `names` of the recipients of a service, its `last_day`; the `dossiers` of a product.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flexsync.plan.change import Change
from flexsync.snapshot import SERVICE_IDENTIFIER
from flexsync.state import Dossier, Product, Service, State

_OFF = ("service.deactivate", "service.withdraw")


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a change takes place: the State around it, the facts that hold then, and the day."""

    before: State | None
    after: State
    facts: Mapping[str, str]
    as_of: date

    def details(self, change: Change) -> dict[str, Any]:
        """What there is to add to a change; nothing for most."""
        section, *names = change.parts
        if section == "service":
            return self._of_service(change.kind, names[0])
        if change.kind == "data_mode.to_local":
            return {"dossiers": self._dossiers(names[0])}
        return {}

    def _of_service(self, kind: str, code: str) -> dict[str, Any]:
        service = self.after.services.get(code, Service())
        if kind in _OFF:
            return {"last_day": self._last_day(code).isoformat()}
        ends_on = service.ends_on or self.after.ends_on
        return {
            "identifier": self.facts.get(SERVICE_IDENTIFIER.format(code), ""),
            "ends_on": ends_on.isoformat() if ends_on else "",
            "names": {key: self._name(key) for key in service.recipients},
        }

    def _last_day(self, code: str) -> date:
        """The day of the change, or that on which the service ended by itself."""
        was = self.before.services.get(code) if self.before else None
        return min(self.as_of, was.ends_on) if was and was.ends_on else self.as_of

    def _dossiers(self, product: str) -> list[dict[str, str]]:
        dossiers = self._product(product).dossiers
        return [self._dossier(code, dossier) for code, dossier in sorted(dossiers.items())]

    def _product(self, code: str) -> Product:
        """The product as it is, or as it was when the same run takes it away."""
        was = self.before.products.get(code) if self.before else None
        return self.after.products.get(code) or was or Product()

    def _dossier(self, code: str, dossier: Dossier) -> dict[str, str]:
        return {
            "code": code,
            "label": dossier.label,
            "retrieved_on": dossier.retrieved_on.isoformat() if dossier.retrieved_on else "",
            "retrieved_by": self._name(dossier.retrieved_by),
        }

    def _name(self, key: str) -> str:
        """The name of the user `key`; what was written itself when it is nobody's key."""
        user = self.after.users.get(key)
        return user.person.name if user and user.person else key
