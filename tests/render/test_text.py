"""Plans as people read them: golden texts of the main stories, and what holds for all of them."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from deepdiff import DeepDiff
from hypothesis import given
from hypothesis import strategies as st

from flexsync.errors import Problem, Where
from flexsync.plan import limits
from flexsync.plan.change import KINDS
from flexsync.plan.redact import redact
from flexsync.plan.schema import SCHEMA
from flexsync.render import RENDERERS, renderer
from flexsync.render.view import Style, View
from flexsync.render.words import differing
from flexsync.state import Admin, Dossier, Product, Service, User
from flexsync.text import is_unsafe
from tests.support.plans import accounts, cases, make, whole, wish
from tests.support.states import ANNE, CATALOGUE, departed, person, state, user

VIEW = View(CATALOGUE)
ANNA, BRUNO, ZOE = user("anna", "compta"), user("bruno", "compta"), user("zoe", "compta")
VAT = Service("active", ("73282932000074",), ("anna", "bruno"), secret="env:A")
HERE = state(users={"anna": ANNA, "bruno": BRUNO}, services={"vat_filing": VAT})
GUIDE = state(
    users={
        "p.quiroule": User(
            person("pierre", given="Pierre", family="Quiroule", civility="monsieur"), access=("compta",)
        ),
        "j.dupont": User(person("jeanne", given="Jeanne", family="DUPONT-LEFÈVRE"), access=("compta",)),
    },
    services={"vat_filing": Service("pending", ("73282932000074",), ("j.dupont",), secret="env:A")},
)
PORTAL = replace(
    HERE, users={"anna": replace(ANNA, person=replace(ANNA.person, email="new@x.example")), "bruno": BRUNO}
)
HOSTED = Product("evolution", "hosted", dossiers={"DUPONT": Dossier("Atelier Dupont", date(2013, 1, 5))})
LEAVING = replace(
    HERE,
    users={"anna": ANNA, "bruno": departed(BRUNO)},
    services={"vat_filing": replace(VAT, recipients=("anna",))},
)


def limited():
    keys = [f"u{number}" for number in range(9)]
    before = state(seats=9, users={key: user(key) for key in keys})
    gone = {key: departed(before.users[key]) for key in keys[:4]}
    plan = make(before, replace(before, users={**before.users, **gone}))
    totals = limits.planned([plan])
    bounds = limits.limits_from({})
    return replace(plan, trips=limits.each(plan, bounds, {"deactivate": 3}, totals))


def everything_up():
    before = state(offer="flex")
    services = {
        "vat_filing": VAT,
        "sepa_payments": Service("active", iban="FR7630006000011234567890189", bic="AGRIFRPP"),
    }
    products = {"compta": Product("evolution", "hosted"), "gestion_commerciale": Product("evolution")}
    users = {"anna": user("anna", "compta", "gestion_commerciale"), "bruno": BRUNO}
    return make(before, state(seats=4, products=products, users=users, services=services))


STORIES = {
    "first-apply": lambda: whole(make(None, wish(GUIDE, missing={"vat_filing": ("tax_office_form",)}))),
    "new-hire": lambda: whole(make(HERE, replace(HERE, users={**HERE.users, "zoe": ZOE}))),
    "leaver-who-knew-the-password": lambda: whole(make(HERE, LEAVING, facts={"service/vat_filing/secret": "x"})),
    "swap-on-one-seat": lambda: whole(make(state(seats=1), state(seats=1, users={"anna": departed(ANNA), "zoe": ZOE}))),
    "hire-when-full": lambda: whole(
        make(
            state(seats=2, users={"anna": ANNA, "bruno": BRUNO}),
            wish(state(seats=2, users={"anna": ANNA, "bruno": BRUNO, "zoe": ZOE}), unmanaged=("bruno",)),
        )
    ),
    "rename-question": lambda: whole(
        make(state(), state(users={"anna": departed(ANNA), "a.test": replace(ANNA, access=("compta",))}))
    ),
    "renamed-key": lambda: whole(make(state(), wish(state(users={"a.test": ANNA}), moves={"anna": "a.test"}))),
    "e-mail-changed-in-the-portal": lambda: whole(make(PORTAL, HERE, applied=HERE)),
    "e-mail-proposed": lambda: whole(make(HERE, PORTAL, known=accounts(ANNA.person))),
    "back-to-local": lambda: whole(
        make(
            state(products={"compta": HOSTED}),
            state(products={"compta": replace(HOSTED, data_mode="local")}),
            facts={"dossier/compta/DUPONT/changed_on": "2013-01-12"},
        )
    ),
    "everything-up": lambda: whole(everything_up()),
    "administrator-replaced": lambda: whole(
        make(HERE, replace(HERE, admin=Admin(person("berthe", family="Autre"))), known=accounts(ANNE))
    ),
    "closed": lambda: whole(
        make(
            HERE,
            replace(
                HERE,
                status="closed",
                users={"anna": departed(ANNA), "bruno": departed(BRUNO)},
                services={"vat_filing": replace(VAT, status="off")},
            ),
        )
    ),
    "limit-and-problem": lambda: whole(
        limited(),
        problems=(
            Problem("seats", "5 users for 4 seats", Where("clients/petit.yaml", 12, 3), subscription="petit"),
            Problem("retired", "DUCS is retired", Where("clients/noel.yaml", 3, 1), "warning"),
        ),
        orphans=("ancien-client",),
    ),
}


def shown(plan, view=VIEW):
    return "\n".join(renderer("text")(plan, view)) + "\n"


@pytest.mark.parametrize("name", STORIES)
def test_story(name, golden):
    golden(f"plans/{name}.txt", shown(STORIES[name]()))


@pytest.mark.parametrize("name", STORIES)
def test_every_story_obeys_the_schema_as_json(name):
    import jsonschema

    (line,) = renderer("json")(STORIES[name](), VIEW)
    jsonschema.validate(json.loads(line), SCHEMA)


def test_every_format_can_be_loaded():
    assert all(callable(renderer(name)) for name in RENDERERS)


@given(cases())
def test_no_kind_and_no_bank_number_is_ever_shown(case):
    text = shown(whole(case.plan))
    assert not [kind for kind in KINDS if kind in text]
    assert "FR7630006000011234567890189" not in text


@given(cases())
def test_the_fields_that_moved_are_those_that_deepdiff_finds(case):
    for step in case.plan.steps:
        before, after = step.change.before, step.change.after
        if isinstance(before, dict) and isinstance(after, dict):
            ours = {name.partition(".")[0] for name, *_ in differing({"it": before}, {"it": after})}
            assert bool(ours) == bool(DeepDiff(before, after))
            theirs = DeepDiff(before.get("person", before), after.get("person", after)).affected_root_keys
            found = {name.partition(".")[0] for name, *_ in differing(before, after)}
            assert set(theirs) <= found


@given(cases())
def test_each_step_is_shown_once(case):
    plan = case.plan
    lines = [line for line in shown(whole(plan)).splitlines() if re.match(r"^  [-+~>!?] (?!limit)", line)]
    assert len(lines) == len(plan.steps)


@given(cases())
def test_what_is_taken_away_is_shown_before_what_is_added(case):
    marks = re.findall(r"^  ([-+]) (?!.*takes the seat)", shown(whole(case.plan)), re.M)
    assert marks == sorted(marks, reverse=True)


@given(cases())
def test_colours_change_nothing_but_colour(case):
    plan = whole(case.plan)
    painted = shown(plan, View(CATALOGUE, Style(colours=True)))
    assert re.sub(r"\x1b\[\d+m", "", painted) == shown(plan)


@given(st.text(min_size=1, max_size=30))
def test_hostile_text_never_leaves_its_line(text):
    zoe = replace(ZOE, person=person("zoe", given=text, family=text, email=f"{text}@x"))
    plan = whole(make(HERE, replace(HERE, users={**HERE.users, "zoe": zoe})), orphans=(text,))
    assert not [char for char in shown(plan) if is_unsafe(char) and char != "\n"]
    assert len(shown(plan).splitlines()) == 8


def test_redacted_text_has_no_name_and_no_address():
    text = shown(redact(STORIES["first-apply"]()))
    assert "@" not in text
    assert not [name for name in ("Pierre", "Quiroule", "LEFÈVRE", "Anne") if name in text]


def test_drift_of_the_contract_reads_as_a_sentence():
    filed = replace(HERE, seats=5)
    drift = shown(whole(make(replace(HERE, seats=9), filed, applied=filed)))
    assert "drift, would have seats lowered  seats 9 -> 5" in drift
