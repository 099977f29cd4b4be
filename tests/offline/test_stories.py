"""Changes that people propose, and what is told about them before anything is merged."""

import json
import re

from tests.support.commands import EXAMPLES
from tests.support.folders import solo
from tests.support.repositories import ALPHA, BETA, CANARY, FILES, FLEET, GAMMA, Repository

NEWCOMER = "users: {z.new: {civility: madame, given_name: Zoé, family_name: New, email: zoe@delta.example}}\n"
DELTA = FILES["clients/delta.yaml"]


def steps(done) -> list[str]:
    """The lines of steps, without what stands in brackets."""
    return [line.split("  [")[0].strip() for line in done.out.splitlines() if line[:3].strip() and line[:2] == "  "]


def subscriptions(done) -> list[str]:
    """The names of the subscriptions that have steps."""
    return [line.split("  ")[0] for line in done.out.splitlines() if "seats: " in line and line[:1] != " "]


def test_the_files_of_the_stories_are_valid(flexsync, firm):
    assert flexsync("validate", "-C", firm.root).out == "Checked: 5 subscriptions, 0 errors, 0 warnings\n"


def test_nothing_changed(plan):
    done = plan("--exit-code")
    assert (done.code, steps(done)) == (0, [])


def test_the_first_line_says_what_was_compared_and_what_cannot_be_seen(plan, firm):
    head = firm.commit({"README": "x"})
    base = firm.git("rev-parse", "base")
    first, second = plan().out.splitlines()[:2]
    told = f"DRY RUN  cabinet-morel  {base[:7]}..{head[:7]}  as of 2026-01-15  files only: drift is not visible"
    assert first == told
    assert second == "Secrets count as there; dossiers, accounts and e-mail confirmations are checked at apply."


def test_a_new_hire_of_one_client(plan, firm):
    firm.commit({"clients/delta.yaml": DELTA.replace("profiles", "seats: 3\nprofiles") + NEWCOMER})
    done = plan("--exit-code", "--ack", "contract=1")
    assert done.code == 2
    assert subscriptions(done) == ["delta-dairy"]
    assert [step.split("  ")[0] for step in steps(done)] == ["! seats raised", "+ invite", "+ grant"]
    assert "zoe@delta.example" in done.out


def test_somebody_who_leaves_the_firm_leaves_every_client(plan, firm):
    firm.commit({"fleet.yaml": FLEET.replace("  j.roux: {civility", "  #j.roux: {civility")})
    done = plan()
    assert done.code == 3
    assert len([step for step in steps(done) if step.startswith("- deactivate")]) == 2
    assert subscriptions(done) == ["alpha-bakery", "beta-florist"]
    assert "The first one is mandatory" in done.out  # in the three clients that have nobody else
    assert re.search(r"\(in [a-z-]+, [a-z-]+, [a-z-]+\)", done.out)


def test_a_product_added_to_a_profile(plan, firm):
    firm.commit({"fleet.yaml": FLEET.replace("products: {compta: {}}", "products: {compta: {}, paye: {}}")})
    done = plan("--ack", "contract=5")
    assert done.code == 0
    assert len([step for step in steps(done) if step.startswith("! product added")]) == 5


def test_a_profile_that_nobody_uses_changes_nothing(plan, firm):
    firm.commit({"fleet.yaml": FLEET.replace("products: {paye: {}}", "products: {compta: {}, paye: {}}")})
    assert steps(plan()) == []


def test_data_that_comes_back_needs_its_dossiers(plan, firm):
    hosted = ALPHA + "products: {compta: {data_mode: hosted, internet_acknowledged: true, dossiers: {d1: {}}}}\n"
    firm.commit({"clients/alpha.yaml": hosted})
    firm.git("tag", "--force", "base")
    firm.commit({"clients/alpha.yaml": hosted.replace("hosted", "local")})
    done = plan("--ack", "data_mode=1")
    assert done.code == 4
    assert "dossier d1 is online, never retrieved" in done.out
    firm.commit(
        {"clients/alpha.yaml": hosted.replace("hosted", "local").replace("d1: {}", "d1: {retrieved_on: 2026-01-14}")}
    )
    assert plan("--ack", "data_mode=1").code == 0


def test_a_line_of_the_table_that_is_edited_changes_that_client_only(plan, firm):
    firm.commit({"clients.csv": FILES["clients.csv"].replace(GAMMA, GAMMA.replace("vat;3", "vat;4"))})
    done = plan("--ack", "contract=1")
    assert (done.code, subscriptions(done)) == (0, ["gamma-garage"])
    assert [step.split("  ")[0] for step in steps(done)] == ["! seats raised"]


def test_a_file_that_is_removed_is_an_orphan_and_nobody_is_deactivated(plan, firm):
    firm.commit({"clients/beta.yaml": None})
    done = plan()
    assert (done.code, steps(done)) == (0, [])
    assert "* in the base without a file  beta-florist" in done.out
    assert CANARY not in done.out


def test_a_file_that_only_moves_changes_nothing(plan, firm):
    firm.commit({"clients/beta.yaml": None, "clients/florist.yaml": BETA})
    done = plan("--exit-code")
    assert (done.code, steps(done)) == (0, [])
    assert "base without" not in done.out


def test_a_line_that_becomes_a_file_changes_nothing_and_may_be_edited_after_that(plan, firm):
    line = "apiVersion: flexsync/v1\nkind: Subscription\nname: gamma-garage\n"
    firm.commit({"clients/gamma.yaml": line})
    assert (plan("--exit-code").code, steps(plan())) == (0, [])
    firm.git("tag", "--force", "base")
    firm.commit({"clients/gamma.yaml": line + "seats: 5\n"})
    assert subscriptions(plan("--ack", "contract=1")) == ["gamma-garage"]


def test_a_new_client_links_the_people_of_the_firm_and_invites_its_own(plan, firm):
    firm.commit({"clients/eta.yaml": ALPHA.replace("alpha", "eta")})
    words = {step.split("  ")[0] for step in steps(plan())}
    assert {"+ register", "+ link administrator", "+ link", "+ invite"} <= words


def test_the_address_of_somebody_who_is_there_is_proposed_and_not_moved(plan, firm):
    firm.commit({"clients/alpha.yaml": ALPHA.replace("l.roy@", "louise@")})
    assert [step.split("  ")[0] for step in steps(plan())] == ["~ propose e-mail"]


def test_a_renamed_key_is_a_move(plan, firm):
    firm.commit({"clients/alpha.yaml": ALPHA.replace("{l.roy: {", "{louise.roy: {previously: [l.roy], ")})
    assert [step.split("  ")[0] for step in steps(plan())] == ["> rename"]


def test_a_comment_or_another_order_changes_nothing(plan, firm):
    firm.commit({"clients/alpha.yaml": "# hello\n" + ALPHA, "fleet.yaml": "# hello\n" + FLEET})
    assert steps(plan()) == []


def test_a_roster_that_changes_changes_those_who_use_it(plan, firm):
    roster = "key;civility;given_name;family_name;email;access\nr.one;madame;Rose;One;rose@delta.example;compta\n"
    firm.commit({"clients/delta.yaml": DELTA + "users_table: rosters/delta.csv\n", "rosters/delta.csv": roster})
    firm.git("tag", "--force", "base")
    firm.commit({"rosters/delta.csv": roster.replace("Rose;One", "Rosa;One")})
    done = plan()
    assert subscriptions(done) == ["delta-dairy"]
    assert [step.split("  ")[0] for step in steps(done)] == ["~ update"]


def test_a_closed_client(plan, firm):
    firm.commit({"clients/delta.yaml": DELTA + "state: closed\n"})
    done = plan()
    assert done.code == 4
    assert "--ack close=1" in done.out


def test_one_broken_client_is_told_and_the_others_are_planned(plan, firm):
    firm.commit({"clients/alpha.yaml": "name: [\n", "clients/delta.yaml": DELTA + "seats: 3\n"})
    done = plan("--ack", "contract=1")
    assert done.code == 3
    assert "clients/alpha.yaml:" in done.out
    assert subscriptions(done) == ["delta-dairy"]


DELTA_LINE = "delta-dairy;123456782;Delta;vat;3;12345678200010;2025-02-06\n"


def test_a_line_whose_file_loses_its_name_is_held_back_as_apply_does(plan, flexsync, firm, tmp_path):
    firm.commit({"clients.csv": FILES["clients.csv"] + DELTA_LINE})
    firm.git("tag", "--force", "base")
    firm.commit({"clients/delta.yaml": DELTA.encode("utf-16")})
    done = plan()
    assert (done.code, subscriptions(done)) == (3, [])
    (told,) = [line for line in done.out.splitlines() if ": row-uncertain " in line]
    assert told.startswith("clients.csv:4:1: row-uncertain delta-dairy has no client file of its name")
    assert told in flexsync("plan", "-C", firm.root, "--store", tmp_path / "none.db").out.splitlines()


def test_a_line_that_is_edited_beside_a_file_without_a_name_is_held_back(plan, firm):
    firm.commit({"clients/delta.yaml": DELTA.encode("utf-16")})
    firm.git("tag", "--force", "base")
    firm.commit({"clients.csv": FILES["clients.csv"].replace(GAMMA, GAMMA.replace("vat;3", "vat;4"))})
    done = plan()
    assert (done.code, subscriptions(done)) == (3, [])
    assert "clients.csv:3:1: row-uncertain gamma-garage has no client file" in done.out


def test_a_client_that_was_broken_is_shown_whole_with_a_warning(plan, firm):
    firm.commit({"clients/alpha.yaml": ALPHA + "seats: 1\n"})
    firm.git("tag", "--force", "base")
    firm.commit({"clients/alpha.yaml": ALPHA + "seats: 3\n"})
    done = plan()
    assert "base-unusable warning" in done.out
    assert "+ register" in done.out


def test_files_that_are_not_committed_can_be_the_head(flexsync, firm):
    firm.write({"clients/delta.yaml": DELTA + "seats: 3\n", "clients/eta.yaml": ALPHA.replace("alpha", "eta")})
    done = flexsync("plan", "-C", firm.root, "--base", "HEAD", "--head", "worktree", "--ack", "contract=1")
    assert subscriptions(done) == ["delta-dairy", "eta-bakery"]
    assert "..worktree  as of" in done.out


def test_a_folder_inside_a_repository(flexsync, tmp_path):
    repository = Repository(tmp_path / "mono")
    base = repository.commit({f"it/firm/{name}": content for name, content in FILES.items()} | {"fleet.yaml": "junk"})
    repository.commit({"it/firm/clients/delta.yaml": DELTA + "seats: 3\n", "other/x.yaml": "junk: ["})
    folder = repository.root / "it" / "firm"
    for place in (folder, folder / "fleet.yaml"):
        done = flexsync("plan", "-C", place, "--base", base, "--ack", "contract=1")
        assert (done.code, subscriptions(done)) == (0, ["delta-dairy"])
        assert "clients/delta.yaml:" in done.out


def test_a_folder_that_is_not_checked_out(flexsync, firm, tmp_path):
    firm.commit({"clients/delta.yaml": DELTA + "seats: 3\n"})
    firm.git("clone", "--quiet", "--no-checkout", str(firm.root), str(tmp_path / "clone"))
    done = flexsync("plan", "-C", tmp_path / "clone", "--base", "HEAD~1", "--ack", "contract=1")
    assert (done.code, subscriptions(done)) == (0, ["delta-dairy"])


def test_one_subscription_without_a_fleet(flexsync, tmp_path):
    repository = Repository(tmp_path / "solo")
    base = repository.commit({"subscription.yaml": solo()})
    repository.commit({"subscription.yaml": solo().replace("seats: 1", "seats: 2")})
    done = flexsync("plan", "-C", repository.root / "subscription.yaml", "--base", base, "--ack", "contract=1")
    assert [step.split("  ")[0] for step in steps(done)] == ["! seats raised"]


def test_a_repository_whose_base_has_no_subscription_yet(flexsync, tmp_path):
    repository = Repository(tmp_path / "new")
    base = repository.commit({"README": "x"})
    repository.commit(FILES)
    done = flexsync("plan", "-C", repository.root, "--base", base)
    assert done.code == 0
    assert len(subscriptions(done)) == 5


def test_a_selection_leaves_out_the_rest(plan, firm):
    firm.commit({name: FILES[name] + "seats: 5\n" for name in ("clients/alpha.yaml", "clients/delta.yaml")})
    assert subscriptions(plan("-t", "alpha-*", "--ack", "contract=1")) == ["alpha-bakery"]
    untouched = plan("-t", "beta-*")
    assert (untouched.code, subscriptions(untouched)) == (0, [])


def test_names_can_be_masked(plan, firm):
    firm.commit({"clients/alpha.yaml": ALPHA.replace("l.roy@alpha", "lo@alpha")})
    assert "lo@alpha.example" not in plan("--redact").out


def test_the_saved_form_names_both_commits_and_is_never_applied(plan, flexsync, firm, tmp_path):
    head = firm.commit({"clients/eta.yaml": ALPHA.replace("alpha", "eta")})
    done = plan("--output", f"json={tmp_path / 'plan.json'}")
    assert done.code == 0
    binding = json.loads((tmp_path / "plan.json").read_bytes())["binding"]
    assert (binding["base"], binding["head"]) == (firm.git("rev-parse", "base"), head)
    assert (binding["store"], binding["commit"]) == ("", head)
    refused = flexsync("apply", tmp_path / "plan.json", "-C", firm.root, "--yes")
    assert refused.code == 5
    assert "without a store" in refused.err + refused.out
    assert plan("--out", tmp_path / "other.json").code == 64


def test_the_same_change_gives_the_same_bytes(plan, firm):
    firm.commit({"clients/eta.yaml": ALPHA.replace("alpha", "eta")})
    assert plan("--format", "json").out == plan("--format", "json").out


def test_the_large_example_loses_a_person(flexsync, tmp_path):
    repository = Repository(tmp_path / "firm")
    files = {
        str(path.relative_to(EXAMPLES / "firm")): path.read_bytes()
        for path in (EXAMPLES / "firm").rglob("*")
        if path.is_file() and ".flexsync" not in path.parts
    }
    base = repository.commit(files)
    fleet = files["fleet.yaml"].decode()
    repository.commit({"fleet.yaml": fleet.replace("  n.fabre: {civility", "  # n.fabre: {civility")})
    done = flexsync("plan", "-C", repository.root, "--base", base, "--as-of", "2026-11-25")
    assert done.code == 4
    assert "--ack deactivate=33" in done.out
