"""Everything that can be wrong with one merged document, as Problems.

In: the typed effective document of a subscription, its places, the catalogue and the day. Out: all
problems, in the order of the files. It prints nothing, raises nothing, and never looks at the store.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from flexsync.catalogue import Catalogue
from flexsync.desired import rules_contract, rules_people, rules_seats, rules_services
from flexsync.desired.case import Case, case_of
from flexsync.desired.model import Places
from flexsync.desired.spec import Subscription
from flexsync.errors import Problem

Rule = Callable[[Case], Iterator[Problem]]

#: Problems of one rule that are told one by one.
MOST = 50

#: Asked of every subscription.
ALWAYS: tuple[Rule, ...] = (
    rules_contract.contract_facts,
    rules_contract.known_offer,
    rules_contract.company_number,
    rules_contract.plausible_dates,
    rules_people.names,
    rules_people.addresses,
    rules_people.one_login,
    rules_people.reserved_key,
    rules_people.renames,
    rules_people.periods,
    rules_services.siret_numbers,
    rules_services.bank_numbers,
)

#: Asked as long as the subscription is not closed.
WHILE_OPEN: tuple[Rule, ...] = (
    rules_contract.setup,
    rules_contract.known_products,
    rules_contract.hosting,
    rules_contract.retrievals,
    rules_people.identities,
    rules_people.allowed_domains,
    rules_people.repeated_administrator,
    rules_people.access,
    rules_people.administrator_access,
    rules_seats.first_user,
    rules_seats.enough_seats,
    rules_seats.enough_seats_later,
    rules_seats.product_seats,
    rules_services.known_services,
    rules_services.offered,
    rules_services.product_owned,
    rules_services.establishments,
    rules_services.bank_details,
    rules_services.evidence,
    rules_services.recipients,
    rules_services.secrets,
    rules_services.last_days,
    rules_services.unused_fields,
    rules_services.retired_members,
)


def problems(spec: Subscription, places: Places, catalogue: Catalogue, as_of: date) -> tuple[Problem, ...]:
    """All that is wrong with the document on `as_of`, errors and warnings, sorted by place."""
    case = case_of(spec, places, catalogue, as_of)
    rules = ALWAYS if spec.state == "closed" else ALWAYS + WHILE_OPEN
    found = (problem for rule in rules for problem in bounded(rule(case)))
    return tuple(sorted(found, key=lambda problem: (problem.where, problem.code, problem.message)))


def bounded(found: Iterator[Problem]) -> Iterator[Problem]:
    """The first problems of a rule, then one for all further ones, an error when any of those is."""
    yield from islice(found, MOST)
    further = next(found, None)
    if further is None:
        return
    if not further.fatal:
        further = next((problem for problem in found if problem.fatal), further)
    yield replace(further, message=f"{further.message} There are more like this one.")
