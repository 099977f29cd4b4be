"""A plan as a firm's reviewer meets it.

A new hire in one client, somebody who leaves the firm, a product more in a profile, data to bring back.
"""

from dataclasses import replace
from datetime import date

from flexsync.errors import Block, Problem, Where
from flexsync.plan import limits
from flexsync.plan.model import Finding, Plan, Step, SubscriptionPlan
from flexsync.render.view import View
from flexsync.state import Admin, Dossier, Person, Product, State, User
from tests.support.plans import accounts, make, whole
from tests.support.states import CATALOGUE, departed

CLAIRE = Person("madame", "Claire", "Morel", "c.morel@morel.example")
JULIE = Person("madame", "Julie", "Roux", "j.roux@morel.example")
THOMAS = Person("monsieur", "Thomas", "Dubois", "t.dubois@morel.example")
NATHALIE = Person("madame", "Nathalie", "Fabre", "n.fabre@morel.example")
PAUL = Person("monsieur", "Paul", "Martin-Lefèvre", "paul@petit.example")
KNOWN = accounts(CLAIRE, JULIE, THOMAS, NATHALIE)
VIEW = View(
    CATALOGUE,
    title="cabinet-morel",
    notes=("Only files were compared: what changed in the portal is not visible here.",),
    digest="0f3c9a5be81d4772a6c0d9e24b1f8835",
    base="clients-in-git",
)


def client(name: str, *products: str, seats: int = 4, **users: User) -> State:
    """A client of the firm, with Claire Morel as administrator."""
    owned = {code: Product("standard") for code in products}
    return State(name, "ultraflex", seats, products=owned, admin=Admin(CLAIRE), users=users)


def seat(person: Person, *products: str) -> User:
    return User(person, access=tuple(sorted(products)))


def hired() -> SubscriptionPlan:
    before = client("boulangerie-petit", "compta", "paye", julie=seat(JULIE, "compta"))
    return make(before, replace(before, users={**before.users, "p.martin": seat(PAUL, "compta", "paye")}), known=KNOWN)


def left(name: str) -> SubscriptionPlan:
    fabre, dubois = seat(NATHALIE, "paye"), seat(THOMAS, "compta")
    before = client(name, "compta", "paye", **{"n.fabre": fabre, "t.dubois": dubois})
    return make(before, replace(before, users={"n.fabre": departed(fabre), "t.dubois": dubois}), known=KNOWN)


def more(name: str) -> SubscriptionPlan:
    before = client(name, "compta", **{"t.dubois": seat(THOMAS, "compta")})
    products = {**before.products, "paye": Product("standard")}
    after = replace(before, products=products, users={"t.dubois": seat(THOMAS, "compta", "paye")})
    return make(before, after, known=KNOWN)


def brought_back() -> SubscriptionPlan:
    hosted = Product("evolution", "hosted", dossiers={"LEROY": Dossier("Garage Leroy", date(2013, 1, 5))})
    before = replace(client("garage-leroy", "compta", julie=seat(JULIE, "compta")), products={"compta": hosted})
    facts = {"product/compta/hosted_since": "2013-01-01", "dossier/compta/LEROY/changed_on": "2013-05-20"}
    after = replace(before, products={"compta": replace(hosted, data_mode="local")})
    return make(before, after, known=KNOWN, facts=facts)


def placed(plan: SubscriptionPlan) -> SubscriptionPlan:
    """`plan` with each step at a place in its own client's file, or in the profile."""
    own = f"clients/{plan.name}.yaml"
    file, layer = ("fleet.yaml", "profile payroll") if plan.name in ("pharmacie-caron", "taxis-garnier") else (own, own)
    places = (Where(file, 10 + number, 5) for number, _ in enumerate(plan.steps))
    return replace(
        plan,
        steps=tuple(replace(step, where=place, layer=layer) for step, place in zip(plan.steps, places, strict=True)),
    )


def allowed(plan: SubscriptionPlan) -> SubscriptionPlan:
    """`plan` as if its steps would undo drift that the fleet allows."""
    block = Block("drift-allowed", "somebody changed it in the portal, which the fleet allows")
    return replace(plan, steps=tuple(replace(one, cause="drift", blocks=(block,)) for one in plan.steps))


def ruled(plans: list[SubscriptionPlan]) -> tuple[Finding, ...]:
    """What three policies say: addresses of other firms, payroll, leavers."""
    steps = [(plan.name, step) for plan in plans for step in plan.ready]
    return tuple(found for name, step in steps for found in _ruled(name, step))


def _ruled(name: str, step: Step) -> list[Finding]:
    about = (name, step.change.kind, step.change.subject)
    said = {
        "user.create": Finding("one-domain", "warn", "An address outside of the firm.", *about),
        "user.deactivate": Finding("month-end", "deny", "Nobody leaves in the last week of a month.", *about),
    }
    payroll = Finding("payroll", "require_approver", "Payroll is theirs.", *about, ("e.aubert", "c.morel"))
    found = [said[step.change.kind]] if step.change.kind in said else []
    return [*found, payroll] if step.change.subject.endswith("/paye") else found


def story() -> Plan:
    """The whole plan, with its limits, what policies say, and one broken client."""
    plans = [replace(hired(), settles=True), *map(left, ("garage-leduc", "hotel-riviera", "menuiserie-aubert"))]
    plans += [more("pharmacie-caron"), more("taxis-garnier"), brought_back(), allowed(left("zinguerie-noel"))]
    plans = sorted(map(placed, plans), key=lambda one: one.name)
    bounds, totals = limits.limits_from({}), limits.planned(plans)
    limited = [replace(one, trips=limits.each(one, bounds, {}, totals)) for one in plans]
    broken = Problem("seats", "5 users for 4 seats: free 1 or add 1", Where("clients/vins-durand.yaml", 9, 3))
    warning = Problem("person-gone", '"n.fabre" is in no list of people', Where("fleet.yaml", 44, 7), "warning")
    problems = (broken.of("vins-durand"), *(warning.of(f"client-{place}") for place in range(3)))
    return whole(*limited, problems=problems, orphans=("ancien-client",), checked=150, findings=ruled(limited))
