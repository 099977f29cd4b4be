"""Invitations from the command line: expired, sent again by apply, sent again by hand."""

import json
import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from tests.support.inviting import delivered, rows, undeliverable
from tests.support.stored import PAUL

FLEET = """\
apiVersion: flexsync/v1
kind: Fleet
name: firm
people:
  anne: {civility: madame, given_name: Anne, family_name: Dupont, email: anne@dupont.example}
  paul: {civility: monsieur, given_name: Paul, family_name: Martin, email: paul@dupont.example}
defaults:
  offer: flex
  seats: 2
  products: {compta: {}}
  admin: {person: anne}
  users: {paul: {}}
  policy: {invitation_days: 7, invitation_attempts: 2}
clients: {files: "clients/*.yaml"}
portal: {url: "http://127.0.0.1:8080", key_from: {env: FLEX_KEY}}
"""


class Firm:
    """Two clients with the same people; a day passes with `wait`."""

    def __init__(self, folder, flexsync, clock, store):
        self.folder, self.flexsync, self.clock, self.store = folder, flexsync, clock, store
        (folder / "clients").mkdir(parents=True)
        (folder / "fleet.yaml").write_text(FLEET, encoding="utf-8")
        for name in ("alpha", "beta"):
            text = f"apiVersion: flexsync/v1\nkind: Subscription\nname: {name}\n"
            (folder / "clients" / f"{name}.yaml").write_text(text, encoding="utf-8")

    def __call__(self, *words):
        return self.flexsync(*words, "-C", self.folder)

    def mails(self):
        """What the mails say that left since the last look."""
        assert self("deliver").code == 0
        found = sorted(path for path in (self.folder / ".flexsync" / "mail").rglob("*") if path.is_file())
        made = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]
        for path in found:
            path.unlink()
        return [(one["To"], one.get_body(("plain",)).get_content()) for one in made]

    def wait(self, days):
        self.clock.move(timedelta(days=days))

    def steps(self, *words):
        plan = json.loads(self("plan", "--format", "json", *words).out)
        found = [(one["name"], step) for one in plan["subscriptions"] for step in one["steps"]]
        return [(name, step["kind"], step["subject"], step["status"]) for name, step in found]


@pytest.fixture
def firm(flexsync, tmp_path, store, store_url, monkeypatch, clock):
    """The firm, applied once, its mails sent."""
    monkeypatch.setenv("FLEXSYNC_STORE", store_url)
    monkeypatch.setenv("FLEX_KEY", "5" * 64)
    made = Firm(tmp_path / "firm", flexsync, clock, store)
    assert made("apply", "--yes").code == 0
    delivered(store)
    return made


RESENT = [
    ("alpha", "invitation.resend", "admin", "ready"),
    ("alpha", "invitation.resend", "user/paul", "ready"),
]


def test_an_expired_invitation_is_sent_again_once_over_all_subscriptions(firm, store):
    assert firm.steps() == []
    firm.wait(7)
    assert firm.steps() == RESENT
    done = firm("apply", "--yes")
    assert done.code == 0, done.err
    assert "resend invitation" in done.out
    assert firm("plan", "--exit-code").code == 0
    assert [(row.state, row.attempt, row.subscription) for row in rows(store)] == [
        ("expired", 1, "alpha"),
        ("planned", 2, "alpha"),
    ]
    assert store.check() == []


def test_the_same_expired_invitation_gives_the_same_plan_byte_for_byte(firm):
    firm.wait(8)
    assert firm("plan", "--format", "json").out == firm("plan", "--format", "json").out


def test_a_client_planned_alone_tells_nothing_of_the_other(firm):
    firm.wait(8)
    done = firm("plan", "-t", "beta")
    assert "resend invitation" in done.out
    assert "alpha" not in done.out


def test_when_the_attempts_are_used_up_plan_status_and_explain_say_so(firm, store):
    for _ in range(2):
        firm.wait(8)
        delivered(store)
        firm("apply", "--yes")
    assert [(kind, status) for _, kind, _, status in firm.steps()] == [("invitation.resend", "waiting")] * 4
    assert "2 invitations were not answered" in firm("plan").out
    assert firm("plan", "--exit-code").code == 2
    assert "invitation expirée, valable jusqu'au 10/12/2026, 2e envoi" in firm("status", "alpha").out
    assert [one["lapsed"] for one in json.loads(firm("status", "--format", "json").out)] == [2, 2]
    assert "invitation  expired" in firm("explain", "alpha", "paul").out


def test_a_mail_that_failed_is_told_and_resend_tries_again(firm, store):
    firm("resend", "alpha", "paul", "--force")
    undeliverable(store)
    assert "could not be delivered" in firm("plan").out
    assert "invitation non distribuée" in firm("status", "beta").out
    assert "its mail could not be delivered" in firm("explain", "beta", "paul").out
    assert firm("apply", "--yes").code == 0
    done = firm("resend", "beta", "paul")
    assert done.code == 0
    assert done.out.startswith("A mail to paul@dupont.example is queued in run ")
    assert firm.steps() == []


def test_a_saved_plan_is_stale_once_somebody_was_invited_again_by_hand(firm, tmp_path):
    firm.wait(8)
    saved = tmp_path / "plan.json"
    firm("plan", "--out", saved)
    assert firm("resend", "alpha", "paul").code == 0
    done = firm("apply", saved, "--yes")
    assert done.code == 5
    assert "the store moved on" in done.err


def test_the_pause_and_the_life_are_what_the_files_say_now(firm, store):
    fleet = firm.folder / "fleet.yaml"
    fleet.write_text(FLEET.replace("invitation_days: 7", "invitation_days: 2, invitation_pause_hours: 60"), "utf-8")
    firm.wait(2)
    refused = firm("resend", "alpha", "paul")
    assert (refused.code, "was mailed 48 h ago, and is left alone for 60 h" in refused.err) == (4, True)
    firm.clock.move(timedelta(hours=12))
    assert firm("resend", "alpha", "paul", "--force").code == 0
    assert [row.days for row in rows(store)] == [7, 2]


def test_a_fleet_that_cannot_be_read_does_not_stop_a_resend_to_a_named_store(firm, store_url):
    (firm.folder / "fleet.yaml").write_text("nonsense: [", "utf-8")
    assert firm("resend", "alpha", "paul", "--force", "--store", store_url).code == 0


def test_refusals_say_what_to_do(firm):
    assert firm("resend", "alpha", "paul").code == 4
    assert firm("reset-password", "alpha", "paul").code == 4
    assert firm("send-password", "alpha", "paul").code == 4
    unknown = firm("resend", "alpah", "paul")
    assert (unknown.code, "alpha" in unknown.err) == (64, True)


def test_the_journal_names_who_asked(firm):
    firm("resend", "alpha", "paul", "--force", "--actor", "support")
    told = firm("audit", "list", "--user", "paul", "--by", "support").out
    assert "resend invitation paul" in told
    assert firm("audit", "verify").code == 0


def test_undoing_a_resend_says_that_the_new_link_stays(firm):
    run = re.search(r"in run (\w+)", firm("resend", "alpha", "paul", "--force").out)[1]
    done = firm("undo", run, "--yes")
    assert "the older link is dead; the new one stays" in done.out


def links(text):
    return re.findall(r"http://\S+/link/\S+", text)


def test_a_new_invitation_leaves_with_a_new_link_and_dies_unanswered_like_the_first(firm, store):
    firm("resend", "alpha", "paul", "--force")
    ((to, first),) = firm.mails()
    assert "paul@dupont.example" in to
    firm.wait(8)
    assert firm("resend", "beta", "paul").code == 0
    second = next(text for to, text in firm.mails() if "paul@" in to)
    assert len({*links(first), *links(second)}) == 2
    assert [row.state for row in rows(store)] == ["superseded", "expired", "sent"]


def test_a_reset_leaves_with_a_link_and_no_password(firm, activated):
    activated(PAUL)
    assert firm("reset-password", "alpha", "paul").code == 0
    ((to, text),) = firm.mails()
    assert "paul@dupont.example" in to
    assert len(set(links(text))) == 1
