"""What others know of somebody, and would try first as a password."""

from collections.abc import Iterator

from flexsync.acts.site import Site
from flexsync.store import reading
from flexsync.store.logins import Login
from flexsync.store.rows import Connection


def known_words(site: Site, connection: Connection, login: Login) -> list[str]:
    """Names and address of an account, its firms, and what is sold to them."""
    return list(_words(site, connection, login))


def _words(site: Site, connection: Connection, login: Login) -> Iterator[str]:
    person = login.person
    yield from (person.given_name, person.family_name, person.name, person.email.partition("@")[0], person.email)
    names = [*login.places, login.owner]
    for name, snapshot in reading.snapshots(connection, names).items():
        yield name
        if snapshot.current:
            yield from (snapshot.current.company.legal_name, snapshot.current.customer_code)
    yield from (product.label.fr for product in site.catalogue.products.values())
    yield from (offer.label.fr for offer in site.catalogue.offers.values())
