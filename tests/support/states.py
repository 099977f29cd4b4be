"""States for tests: the guide's catalogue, small hand-made States, and generated pairs.

`pairs()` draws (current, desired) as resolve could have made the second of the first: nobody is
forgotten, and each side obeys the rules of one document.
"""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from flexsync.catalogue import Catalogue, Label, Offer, ProductType, ServiceType
from flexsync.state import ADMIN_KEY, Admin, Company, Dossier, Evidence, Person, Product, Service, State, User

AS_OF = date(2013, 6, 15)


def label(text: str) -> Label:
    return Label(text, text)


CATALOGUE = Catalogue(
    offers={
        "flex": Offer("flex", label("Flex"), 1),
        "ultraflex": Offer(
            "ultraflex", label("Ultraflex"), 2, ("mobile_data", "vat_filing", "payroll_filing", "sepa_payments"), True
        ),
    },
    products={
        "compta": ProductType("compta", label("Ciel Compta"), ("standard", "evolution"), True),
        "gestion_commerciale": ProductType(
            "gestion_commerciale", label("Ciel Gestion Commerciale"), ("standard", "evolution"), True
        ),
        "paye": ProductType("paye", label("Ciel Paye"), ("standard", "evolution")),
    },
    services={
        "vat_filing": ServiceType(
            "vat_filing",
            label("Ciel directDéclaration TVA + Bilan"),
            ("compta",),
            secret=True,
            sirets=True,
            prerequisites={"tax_office_form": label("Formulaire de souscription")},
        ),
        "payroll_filing": ServiceType(
            "payroll_filing", label("Télédéclaration paye"), ("paye",), secret=True, sirets=True
        ),
        "sepa_payments": ServiceType("sepa_payments", label("Télépaiements SEPA"), ("gestion_commerciale",), bank=True),
    },
    digest="catalogue-1",
)
RANKS = CATALOGUE.ranks
PRODUCTS = tuple(CATALOGUE.products)
KEYS = ("anna", "bruno", "chloe", "denis", "elise")


def person(key: str, *, given: str = "", family: str = "Test", email: str = "", civility: str = "madame") -> Person:
    return Person(civility, given or key.capitalize(), family, email or f"{key}@dupont.example")


def user(key: str, *access: str, status: str = "present", **fields: object) -> User:
    return replace(User(person(key), access=tuple(sorted(access))), status=status, **fields)  # type: ignore[arg-type]


ANNE = Person("madame", "Anne", "Dupont", "anne@dupont.example")


def state(**fields: object) -> State:
    """An open ultraflex subscription with compta, an administrator and one user."""
    base = State(
        name="atelier-dupont",
        offer="ultraflex",
        seats=3,
        products={"compta": Product("evolution")},
        admin=Admin(ANNE),
        users={"anna": user("anna", "compta")},
    )
    return replace(base, **fields)  # type: ignore[arg-type]


_days = st.none() | st.dates(date(2013, 1, 1), date(2013, 12, 31))


@st.composite
def persons(draw: st.DrawFn, key: str) -> Person:
    email = f"{key}{draw(st.integers(0, 1))}@dupont.example"
    family = draw(st.sampled_from(["Martin", "Martin-Lefèvre", "NOËL"]))
    given = draw(st.sampled_from([key.capitalize()] * 4 + ["Dominique"]))
    return Person(draw(st.sampled_from(["madame", "monsieur"])), given, family, email)


@st.composite
def users_of(draw: st.DrawFn, products: tuple[str, ...], seats: int) -> dict[str, User]:
    """One to `seats` present users; at least one."""
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=min(seats, len(KEYS))))
    return {key: draw(one_user(key, products)) for key in keys}


@st.composite
def one_user(draw: st.DrawFn, key: str, products: tuple[str, ...]) -> User:
    access = tuple(sorted(draw(st.sets(st.sampled_from(products))))) if products else ()
    return User(draw(persons(key)), "present", access, draw(_days), draw(_days), draw(st.booleans()))


@st.composite
def states(draw: st.DrawFn) -> State:
    """A State that obeys the rules of one document."""
    seats = draw(st.integers(1, 5))
    offer = draw(st.sampled_from(["flex", "ultraflex"]))
    products = {code: draw(product(code, offer)) for code in draw(st.sets(st.sampled_from(PRODUCTS), min_size=1))}
    owned = tuple(sorted(products))
    admin = Admin(draw(persons("patronne")), draw(st.booleans()))
    users = draw(users_of(owned, seats if not admin.also_user else max(1, seats - 1)))
    if admin.also_user and len(users) < seats:
        users[ADMIN_KEY] = User(admin.person, "present", owned)
    else:
        admin = replace(admin, also_user=False)
    return State(
        name="client",
        offer=offer,
        seats=seats,
        customer_code=draw(st.sampled_from(["", "C1", "C2"])),
        company=Company(draw(st.sampled_from(["", "Dupont SARL"]))),
        ends_on=draw(_days),
        sirets_allowed=draw(st.none() | st.integers(0, 3)),
        products=products,
        admin=admin,
        users=users,
        services=draw(services_of(products, users)) if offer == "ultraflex" else {},
    )


@st.composite
def product(draw: st.DrawFn, code: str, offer: str) -> Product:
    hostable = CATALOGUE.products[code].hostable and CATALOGUE.offers[offer].hosting
    dossiers = {name: Dossier(name, draw(_days)) for name in draw(st.sets(st.sampled_from(["A", "B"])))}
    return Product(
        draw(st.sampled_from(["standard", "evolution"])),
        draw(st.sampled_from(["local", "hosted"])) if hostable else "local",
        draw(st.sampled_from([None, None, 5, 6])),
        dossiers if hostable else {},
        draw(_days) if hostable else None,
    )


@st.composite
def services_of(draw: st.DrawFn, products: dict[str, Product], users: dict[str, User]) -> dict[str, Service]:
    wanted = [code for code, kind in CATALOGUE.services.items() if set(kind.products) & products.keys()]
    chosen = draw(st.sets(st.sampled_from(wanted), min_size=1)) if wanted else set()
    return {code: draw(service(code, users)) for code in chosen}


@st.composite
def service(draw: st.DrawFn, code: str, users: dict[str, User]) -> Service:
    owning = CATALOGUE.services[code].products
    may = sorted(key for key, one in users.items() if set(one.access) & set(owning))
    recipients = tuple(sorted(draw(st.sets(st.sampled_from(may))))) if may else ()
    return Service(
        status=draw(st.sampled_from(["off", "pending", "active", "active", "active"])),
        sirets=("73282932000074",) if CATALOGUE.services[code].sirets else (),
        recipients=recipients,
        evidence={"tax_office_form": Evidence(draw(_days), "mandate")} if code == "vat_filing" else {},
        secret=f"env:{draw(st.sampled_from(['A', 'B']))}" if CATALOGUE.services[code].secret else "",
        iban="FR7630006000011234567890189" if CATALOGUE.services[code].bank else "",
    )


def departed(user: User) -> User:
    return replace(user, status="deactivated", access=())


def kept(user: User) -> User:
    """Somebody whom the files leave alone."""
    return user


def erased(user: User) -> User:
    return departed(user) if user.status == "present" else User(None, "deleted")


def closed(state: State) -> State:
    users = {key: departed(one) if one.status == "present" else one for key, one in state.users.items()}
    products = {code: replace(one, data_mode="local") for code, one in state.products.items()}
    services = {code: off(one) for code, one in state.services.items()}
    return replace(state, status="closed", users=users, products=products, services=services)


def off(service: Service) -> Service:
    return replace(service, status="off")


@st.composite
def edited(draw: st.DrawFn, state: State) -> State:
    """The same subscription with other users, and its services told to those who remain."""
    users = draw(users_of(tuple(sorted(state.products)), state.seats))
    if ADMIN_KEY in state.users and len(users) < state.seats:
        users[ADMIN_KEY] = state.users[ADMIN_KEY]
    remain = {code: tuple(k for k in one.recipients if k in users) for code, one in state.services.items()}
    services = {code: replace(one, recipients=remain[code]) for code, one in state.services.items()}
    return replace(state, users=users, services=services)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[State | None, State]:
    """(current, desired): the second is what resolve makes of some files and the first."""
    current = draw(st.none() | states() | states())
    if current is None:
        return None, draw(states())
    desired = draw(states() | edited(current))
    if draw(st.booleans()):
        gone = draw(st.sampled_from(sorted(current.users)))
        if gone != ADMIN_KEY and len(current.users) > 1:
            current = replace(current, users={**current.users, gone: departed(current.users[gone])})
    if draw(st.integers(0, 9)) == 0:
        return current, closed(current)
    leaves = draw(st.sampled_from([departed, departed, kept, erased]))
    users = {key: leaves(one) for key, one in current.users.items() if key not in desired.users}
    if ADMIN_KEY in users:
        users[ADMIN_KEY] = departed(current.users[ADMIN_KEY])
    services = {code: off(one) for code, one in current.services.items() if code not in desired.services}
    return current, replace(desired, users={**users, **desired.users}, services={**services, **desired.services})
