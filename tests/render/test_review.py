"""What a reviewer sees first: the order, what is told once, whose access changes, and what still fits."""

import re
from dataclasses import replace
from datetime import date

import pytest

from flexsync.errors import Problem, Where
from flexsync.plan.access import access
from flexsync.plan.model import Trip
from flexsync.plan.redact import redact
from flexsync.render import renderer
from flexsync.state import Admin
from tests.support.plans import accounts, make, whole
from tests.support.states import departed, user
from tests.support.story import CLAIRE, KNOWN, PAUL, VIEW, brought_back, client, left, more, seat, story


def rendered(form, plan, view=VIEW):
    return "".join(f"{line}\n" for line in renderer(form)(plan, view))


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_who_leaves_a_firm_is_one_line_in_both_pages(form):
    page = rendered(form, whole(left("a"), left("b"), left("c")))
    overview = page[page.index("Taken away or not") : page.index("Access per person")]
    assert len(re.findall("Nathalie Fabre &", overview)) == 1
    assert "3 subscriptions: " in overview
    assert "undone (3)" in page or "undone <span class=soft>3</span>" in page


def test_an_own_seat_that_is_given_up_is_an_answer():
    before = replace(client("a", "compta"), admin=Admin(CLAIRE, also_user=True), users={"stays": user("stays")})
    before = replace(before, users={**before.users, "admin": seat(CLAIRE, "compta")})
    after = replace(before, admin=Admin(CLAIRE), users={**before.users, "admin": departed(seat(CLAIRE))})
    assert "own seat yes -> no" in rendered("text", whole(make(before, after, known=KNOWN)))


@pytest.mark.parametrize(("form", "access"), [("markdown", "### Access per person"), ("html", "<h2>Access per person")])
def test_what_is_taken_and_what_is_held_back_come_before_access_per_person(form, access):
    page = rendered(form, story())
    assert page.index("Taken away or not") < page.index("Held back", page.index("Taken away or not"))
    assert page.index("Held back", page.index("Taken away or not")) < page.index(access)


def limited(*names):
    """A plan of subscriptions that a limit refuses, each with the same words."""
    return whole(*(replace(more(name), trips=(Trip("contract", 1, 0, "0", "each", 9),)) for name in names))


def test_a_limit_that_many_subscriptions_exceed_is_told_once_and_names_them():
    plan = limited("a", "b", "c")
    (line,) = [line for line in rendered("markdown", plan).splitlines() if "! limit" in line]
    assert line.endswith("add --ack contract=9 — 3 subscriptions: `a`, `b`, `c`")
    assert rendered("html", plan).count("! limit") == 1


def test_a_limit_that_very_many_exceed_is_counted_with_its_acknowledgement():
    page = rendered("markdown", limited(*(f"client-{number}" for number in range(600))), replace(VIEW, budget=6_000))
    assert "add --ack contract=9 — 600 subscriptions" in page


def test_a_plan_of_a_change_does_not_say_how_many_subscriptions_there_are():
    made = replace(whole().binding, base="3f2a91c0" * 5, head="be81d477" * 5)
    for form in ("markdown", "html"):
        assert "1 of 1 subscription" in rendered(form, whole(left("a")))
        assert " of 1 subscription" not in rendered(form, replace(whole(left("a")), binding=made))


def test_a_client_of_the_page_is_found_wherever_it_is_spoken_of():
    page = rendered("html", limited("a", "b"))
    about = re.findall(r'<(\w+)[^>]* data-client="([^"]*)"', page)
    assert about == [("li", "a b"), ("div", "a b"), ("li", "a b"), ("li", "a b"), ("details", "a"), ("details", "b")]


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_client_whose_files_cannot_be_used_is_named_as_left_out(form):
    wrong = Problem("seats", "5 users for 4 seats", Where("clients/b.yaml", 3, 1), subscription="b")
    page = rendered(form, replace(whole(left("a")), problems=(wrong,)))
    (line,) = (line for line in page.splitlines() if "left out" in line)
    assert re.search(r"\bb\b", line) and "nothing is planned" in line
    warned = replace(whole(left("a")), problems=(replace(wrong, severity="warning"),))
    assert "left out" not in rendered(form, warned)


def test_the_own_seat_of_an_administrator_changes_hands_with_the_administrator():
    claire, paul = Admin(CLAIRE, also_user=True), Admin(PAUL, also_user=True)
    before = replace(client("a", "compta", "paye"), admin=claire, users={"admin": seat(CLAIRE, "compta", "paye")})
    after = replace(before, admin=paul, users={"admin": seat(PAUL, "compta")})
    old, new = access(whole(make(before, after, known=accounts(CLAIRE, PAUL))))
    assert (old.name, dict(old.loses), old.leaves, dict(old.gains)) == (
        "Claire Morel",
        {"compta": ("a",), "paye": ("a",)},
        ("a",),
        {},
    )
    assert (new.name, dict(new.gains), new.joins, dict(new.loses)) == (PAUL.name, {"compta": ("a",)}, ("a",), {})


def test_a_seat_that_goes_with_its_administrator_is_lost_by_the_one_who_had_it():
    before = replace(client("a", "compta"), admin=Admin(CLAIRE, also_user=True), users={"stays": user("stays")})
    before = replace(before, users={**before.users, "admin": seat(CLAIRE, "compta")})
    after = replace(before, admin=Admin(PAUL), users={**before.users, "admin": departed(seat(PAUL))})
    (lost,) = access(whole(make(before, after, known=accounts(CLAIRE, PAUL))))
    assert (lost.name, dict(lost.loses), lost.leaves) == ("Claire Morel", {"compta": ("a",)}, ("a",))


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


def test_removals_are_counted_by_client_as_long_as_the_names_of_all_clients_fit():
    names = [f"client-{number:04}" for number in range(1_600)]
    page = rendered("markdown", whole(*map(own_leaver, names)), replace(VIEW, budget=30_000))
    assert [name for name in names if f"`{name}`" not in page] == []
    assert "- 1 deactivate each in 1,600 subscriptions: `client-0000`, " in page


def own_leaver(name):
    before = replace(client(name, "compta"), users={"stays": user("stays"), f"of-{name}": user(f"of-{name}")})
    gone = replace(before.users[f"of-{name}"], status="deactivated")
    return make(before, replace(before, users={**before.users, f"of-{name}": gone}))
