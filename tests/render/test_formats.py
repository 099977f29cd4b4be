"""The story of a firm in every format, as goldens, and what each format promises besides."""

import json
from dataclasses import replace

import pytest

from flexsync.cli.options import FORMATS
from flexsync.plan.model import UNSEEN, Finding
from flexsync.plan.verdict import LABELS, headline, labels
from flexsync.render import RENDERERS, renderer
from flexsync.render.view import View, unseen
from flexsync.state import Product
from tests.support.plans import make, whole
from tests.support.sarif import problems_of
from tests.support.states import user
from tests.support.story import KNOWN, VIEW, allowed, brought_back, client, hired, left, more, placed, story

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


NO = Finding("month-end", "deny", "Not now.", "a", "user.deactivate", "user/n.fabre")
ASKED = Finding("payroll", "require_approver", "Hers.", "a", "user.deactivate", "user/n.fabre", ("e.aubert",))
TOLD = Finding("leavers", "warn", "A leaver.", "a", "user.deactivate", "user/n.fabre")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("finding", [NO, ASKED, TOLD], ids=lambda finding: finding.effect)
def test_every_format_says_what_a_policy_says_and_whom_it_asks(form, finding):
    page = rendered(form, whole(left("a"), findings=(finding,)))
    for said in (finding.message, finding.policy, *finding.approvers):
        assert said in page


@pytest.mark.parametrize("form", ["markdown", "html", "sarif", "github", "gitlab"])
def test_a_denial_comes_after_limits_and_before_removals_and_a_warning_is_one(form):
    denied = Finding("month-end", "deny", "Not now.", "hotel-riviera", "user.deactivate", "user/n.fabre")
    page = rendered(form, replace(story(), findings=(denied,)))
    removal = "Taken away or not" if form in ("markdown", "html") else "riviera: deactivate n.fabre, Nathalie"
    assert page.index("--ack contract=2") < page.index("Not now.") < page.rindex(removal)
    if form in ("markdown", "html"):
        told = rendered(form, whole(left("a"), findings=(TOLD,)))
        assert told.index("Warnings") < told.index("A leaver.")


def test_a_denial_fails_its_case_and_a_wanted_approval_does_not():
    assert 'failures="1"' in rendered("junit", whole(left("a"), left("b"), findings=(NO,)))
    assert 'failures="0"' in rendered("junit", whole(left("a"), left("b"), findings=(ASKED, TOLD)))


def test_a_denied_plan_is_refused_by_a_policy():
    denied = whole(left("a"), findings=(NO,))
    assert labels(denied) == ("flexsync/guarded", "flexsync/removal")
    assert headline(denied) == "refused by a policy"
    assert headline(whole(left("a"), findings=(ASKED, TOLD))) == "takes something away"
    assert headline(whole(brought_back(), left("a"), findings=(NO,))) == "refused by a limit or guard, and by a policy"


def test_drift_that_is_allowed_takes_nothing_away():
    plan = whole(allowed(left("a")))
    page = rendered("markdown", plan)
    assert labels(plan) == ("flexsync/no-changes",)
    assert "Taken away" not in page
    assert "**&#42; deactivate** `n.fabre`" in page
    assert "left alone: " in page
    assert "<b class=soft>* deactivate</b>" in rendered("html", plan)


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_plan_of_a_change_says_which_commits_it_compares_and_what_it_cannot_see(form):
    made = replace(whole().binding, base="3f2a91c0" * 5, head="be81d477" * 5)
    plan = replace(whole(orphans=("old",)), binding=made)
    page = rendered(form, plan, replace(VIEW, notes=unseen(made)))
    assert "Files only, 3f2a91c..be81d47: drift is not visible." in page
    assert UNSEEN in page
    assert "In the base without a file" in page
    assert "In the store without a file" in rendered(form, whole(orphans=("old",)))


def test_the_files_as_they_are_have_no_short_form():
    assert replace(whole().binding, base="3f2a91c0", head="worktree").change == "3f2a91c..worktree"
    assert unseen(whole().binding) == ()


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


def test_who_leaves_a_firm_is_read_at_a_glance_and_every_client_is_named():
    names = [f"client-{number:03}" for number in range(400)]
    plan = whole(*map(left, names), brought_back())
    lines = rendered("markdown", plan).splitlines()
    (leaver,) = [line for line in lines if "400 subscriptions: " in line]
    assert leaver.startswith("- **- deactivate** `n.fabre` Nathalie Fabre")
    assert [name for name in names if f"`{name}`" not in leaver] == []


def test_two_people_with_one_key_are_told_apart():
    other = client("b", "compta", **{"n.fabre": user("n.fabre", "compta")})
    gone = replace(other, users={"n.fabre": replace(other.users["n.fabre"], status="deactivated")})
    page = rendered("markdown", whole(left("a"), make(other, gone, known=KNOWN)))
    assert "2 subscriptions: " not in page


def test_the_reasons_that_not_all_share_are_left_to_the_list_of_every_step():
    plan = whole(*(placed(left(name)) for name in ("a", "b")))
    (leaver,) = [line for line in rendered("markdown", plan).splitlines() if "2 subscriptions: `a`, `b`" in line]
    assert "mail N5" in leaver
    assert "clients/" not in leaver
    assert "`clients/a.yaml:10:5`" in rendered("markdown", plan)


@pytest.mark.parametrize("budget", [4_000, 60_000])
def test_what_policies_say_of_thousands_of_steps_stays_within_the_budget(budget):
    plan = bulk(160, 10)
    about = [(one.name, step) for one in plan.subscriptions for step in one.ready]
    said = tuple(replace(NO, subscription=name, kind=step.change.kind, subject=step.change.subject)
                 for name, step in about)  # fmt: skip
    page = rendered("markdown", replace(plan, findings=said), replace(VIEW, budget=budget))
    assert len(page.encode()) <= budget
    assert "**! denied**" in page


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
        assert subscriptions * len("`client-0000`, ") > budget * 0.8


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
