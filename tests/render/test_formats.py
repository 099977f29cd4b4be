"""The story of a firm in every format, as goldens, and what each format promises besides."""

import json
from dataclasses import replace
from datetime import date

import pytest

from flexsync.cli.options import FORMATS
from flexsync.plan.access import access
from flexsync.plan.redact import redact
from flexsync.plan.verdict import LABELS, labels
from flexsync.render import RENDERERS, renderer
from flexsync.render.view import View
from flexsync.state import Product
from tests.support.plans import make, whole
from tests.support.sarif import problems_of
from tests.support.states import user
from tests.support.story import KNOWN, VIEW, brought_back, client, hired, left, more, story

SUFFIXES = {"text": "txt", "markdown": "md", "html": "html", "junit": "xml", "csv": "csv"}
FORMS = [*sorted(RENDERERS.keys() - {"json"})]


def rendered(form, plan, view=VIEW):
    return "".join(f"{line}\n" for line in renderer(form)(plan, view))


@pytest.mark.parametrize("form", FORMS)
def test_the_story_in_every_format(form, golden):
    golden(
        f"render/story.{SUFFIXES.get(form, f'{form}.json' if form != 'github' else 'github.txt')}",
        rendered(form, story()),
    )


@pytest.mark.parametrize("form", FORMS)
def test_equal_plans_have_equal_pages(form):
    assert rendered(form, story()) == rendered(form, story())


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_plan_can_be_shown(form):
    assert bool(rendered(form, whole(), View())) == (form != "github")  # no annotations, no output


def test_the_command_line_offers_what_there_is():
    assert tuple(RENDERERS) == FORMATS


def test_a_sarif_log_obeys_its_schema():
    assert problems_of(json.loads(rendered("sarif", story()))) == []
    assert problems_of({"version": "2.0.0"}) != []


@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        ([], ["no-changes"]),
        ([hired()], ["add-or-update"]),
        ([left("a")], ["removal"]),
        ([hired(), left("a")], ["removal", "add-or-update"]),
        ([brought_back()], ["guarded", "removal"]),
    ],
)
def test_labels_say_all_that_a_plan_does(plans, expected):
    assert labels(whole(*plans)) == tuple(f"flexsync/{name}" for name in expected)


def test_files_that_cannot_be_used_come_first():
    assert labels(story())[0] == "flexsync/error"
    assert set(labels(story())) <= set(LABELS)


def test_access_is_told_per_person_over_all_clients():
    plan = whole(left("a"), left("b"), more("c"), more("d"))
    nathalie, thomas = access(plan)
    assert (nathalie.name, dict(nathalie.loses), nathalie.leaves) == (
        "Nathalie Fabre",
        {"paye": ("a", "b")},
        ("a", "b"),
    )
    assert (thomas.name, dict(thomas.gains), dict(thomas.loses)) == ("Thomas Dubois", {"paye": ("c", "d")}, {})


def test_what_is_held_back_changes_nobodys_access():
    assert access(whole(brought_back())) == ()


def test_a_key_that_changes_hands_is_two_persons_and_one_that_is_renamed_none():
    before = client("a", "compta", anna=user("anna", "compta"))
    same = replace(before, users={"anna": replace(user("anna", "compta"), ends_on=date(2013, 12, 31))})
    assert access(whole(make(before, same, known=KNOWN))) == ()


def test_people_of_a_redacted_plan_are_keys_of_one_client_each():
    plan = redact(whole(left("a"), left("b")))
    assert [(one.name, one.email, one.leaves) for one in access(plan)] == [
        ("n.fabre", "", ("a",)),
        ("n.fabre", "", ("b",)),
    ]
    assert "Fabre" not in rendered("markdown", plan) + rendered("html", plan)


def test_a_comment_begins_with_verdict_counts_and_digest():
    first, _, mark, *_ = rendered("markdown", whole(left("a"))).splitlines()
    assert first.startswith("**flexsync cabinet-morel: takes something away** · ")
    assert "1 deactivate" in first
    assert first.endswith("· plan `0f3c9a5be81d`")
    assert mark == "<!-- flexsync -->"
    assert "<!-- flexsync firm.a -->" in rendered("markdown", whole(), replace(VIEW, key="firm.a"))


def test_what_is_alike_is_told_once():
    lines = rendered("markdown", whole(*(more(f"client-{number}") for number in range(12)))).splitlines()
    assert "- 1 user in 12 subscriptions: **+ grant** Ciel Paye" in lines


def leavers(subscriptions, each):
    """A plan that invites as many as it takes away: `each` leavers and `each` newcomers a subscription."""
    return whole(*(_exchange(f"client-{number:04}", each) for number in range(subscriptions)))


def _exchange(name, each):
    old = {f"old{number}": user(f"old{number}") for number in range(each)}
    new = {f"new{number}": replace(user(f"new{number}"), access=("compta",)) for number in range(each)}
    before = replace(client(name, "compta", seats=2 * each + 1), users={**old, "stays": user("stays")})
    gone = {key: replace(one, status="deactivated") for key, one in old.items()}
    return make(before, replace(before, users={**gone, **new, "stays": user("stays")}))


@pytest.mark.parametrize("budget", [4_000, 20_000, 60_000])
@pytest.mark.parametrize(("subscriptions", "each"), [(1, 1_600), (40, 42), (160, 10), (1_600, 1)])
def test_5000_steps_stay_within_the_budget_and_no_removal_is_lost(subscriptions, each, budget):
    plan = bulk(subscriptions, each)
    page = rendered("markdown", plan, replace(VIEW, budget=budget))
    assert len(page.encode()) <= budget
    assert "Not shown: " in page
    total = subscriptions * each
    named = [f"client-{number:04}" for number in range(subscriptions) if f"client-{number:04}" in page]
    assert f"({total:,})" in page
    if len(named) < subscriptions:  # a comment that cannot even count them by client says so
        assert "too many to name" in page
        assert subscriptions * 30 > budget / 2


def bulk(subscriptions, each, made={}):  # noqa: B006 making 5,000 steps takes longer than showing them
    if (subscriptions, each) not in made:
        made[subscriptions, each] = leavers(subscriptions, each)
    return made[subscriptions, each]


@pytest.mark.parametrize("form", FORMS)
def test_5000_steps_are_shown(form):
    assert len(rendered(form, bulk(160, 10))) > 4_000


def test_a_product_nobody_knows_is_shown_by_its_code():
    before = client("a", "compta", anna=user("anna", "compta"))
    after = replace(before, products={**before.products, "x": Product()}, users={"anna": user("anna", "compta", "x")})
    assert "gains x in `a`" in rendered("markdown", whole(make(before, after)))
