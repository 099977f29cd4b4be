"""flexsync deliver and flexsync outbox, as they are typed."""

import json
import stat
from pathlib import Path

import pytest

from tests.delivery.test_smtp_faults import pem, trusted
from tests.support.commands import EXAMPLES
from tests.support.mail_servers import MailServer
from tests.support.posting import read, words
from tests.support.repositories import Repository

__all__ = ["pem", "trusted"]


@pytest.fixture
def applied(flexsync, tmp_path):
    """The guide's example applied, as a fleet of its own in this folder."""
    Path("subscription.yaml").write_text((EXAMPLES / "guide" / "subscription.yaml").read_text())
    assert flexsync("apply", "--yes", "--as-of", "2013-02-15").code == 0


def test_without_a_server_mails_are_files_that_only_their_owner_reads(applied, flexsync):
    done = flexsync("deliver")
    assert (done.code, done.err) == (0, "")
    assert "sent, to .flexsync/mail" in done.out
    mails = sorted(Path(".flexsync/mail").iterdir())
    assert mails and all(mail.suffix == ".eml" for mail in mails)
    assert stat.S_IMODE(Path(".flexsync/mail").stat().st_mode) == 0o700
    assert {stat.S_IMODE(mail.stat().st_mode) for mail in mails} == {0o600}
    assert stat.S_IMODE(Path(".flexsync/store.key").stat().st_mode) == 0o600
    assert any("http://127.0.0.1:8080/link/" in words(read(mail.read_bytes())) for mail in mails)


def test_git_is_told_of_neither_the_store_nor_its_key_nor_the_mails(applied, flexsync):
    flexsync("deliver")
    repository = Repository(Path())
    repository.git("add", "--all")
    assert repository.git("ls-files") == "subscription.yaml"


def test_a_folder_that_was_there_gets_no_file_of_ours(flexsync):
    Path("subscription.yaml").write_text((EXAMPLES / "guide" / "subscription.yaml").read_text())
    Path("kept").mkdir()
    flexsync("store", "init", "--store", "kept/store.db")
    assert [file.name for file in Path("kept").iterdir()] == ["store.db"]


def test_a_second_delivery_has_nothing_to_send(applied, flexsync):
    flexsync("deliver")
    assert flexsync("deliver").out == "Mails: none sent\n"


def test_apply_delivers_when_asked(flexsync):
    Path("subscription.yaml").write_text((EXAMPLES / "guide" / "subscription.yaml").read_text())
    done = flexsync("apply", "--yes", "--deliver", "--as-of", "2013-02-15")
    assert done.code == 0
    assert list(Path(".flexsync/mail").glob("*.eml"))
    assert "sent, to .flexsync/mail" in done.out


def test_apply_delivers_what_waited_when_there_is_nothing_to_apply(applied, flexsync):
    done = flexsync("apply", "--yes", "--deliver", "--as-of", "2013-02-15")
    assert "Nothing to apply" in done.out and "sent" in done.out


def test_delivery_needs_a_store(flexsync):
    Path("subscription.yaml").write_text((EXAMPLES / "guide" / "subscription.yaml").read_text())
    done = flexsync("deliver")
    assert done.code == 9
    assert not Path(".flexsync").exists()


def test_a_mail_is_shown_as_it_will_leave_and_its_link_is_masked(applied, flexsync):
    shown = flexsync("outbox", "show", "1")
    assert shown.code == 0
    assert shown.out.startswith("Mail 1")
    assert "Subject: " in shown.out and "/link/____" in shown.out
    flexsync("deliver")
    bodies = [words(read(mail.read_bytes())) for mail in sorted(Path(".flexsync/mail").iterdir())]
    token = next(line for body in bodies for line in body.splitlines() if "/link/" in line)
    assert token.split("/link/")[1][:20] not in shown.out


def test_mails_are_listed_for_machines(applied, flexsync):
    flexsync("deliver")
    found = json.loads(flexsync("outbox", "list", "--format", "json").out)
    assert {mail["state"] for mail in found} == {"sent"}
    assert all(mail["sent_at"] and mail["recipient"] for mail in found)
    assert flexsync("outbox", "list", "--state", "dead").out.count("\n") == 1


def test_a_cancelled_mail_is_not_sent_and_can_be_listed(applied, flexsync):
    done = flexsync("outbox", "cancel", "1")
    assert (done.code, done.out.split(":")[0]) == (0, "Cancelled")
    flexsync("deliver")
    states = {mail["id"]: mail["state"] for mail in json.loads(flexsync("outbox", "list", "--format", "json").out)}
    assert states[1] == "cancelled"


def test_what_left_can_be_neither_cancelled_nor_sent_again(applied, flexsync):
    flexsync("deliver")
    for word in ("cancel", "retry"):
        done = flexsync("outbox", word, "1")
        assert done.code == 64
        assert "Nothing was changed: 1 cannot be" in done.err


def test_a_list_of_a_subscription_or_run_that_is_not_there_is_refused(applied, flexsync):
    asked = flexsync("outbox", "list", "--subscription", "nobody")
    assert (asked.code, 'no subscription "nobody"' in asked.err) == (64, True)
    asked = flexsync("outbox", "list", "--run", "0000")
    assert (asked.code, 'no run "0000"' in asked.err) == (64, True)


def test_an_unknown_mail_is_named(applied, flexsync):
    assert "There is no mail 99" in flexsync("outbox", "show", "99").err
    assert flexsync("outbox", "retry", "99").code == 64
    assert flexsync("outbox", "retry").code == 64


def with_server(port, password="env: FLEX_SMTP", tls="starttls"):
    Path("clients").mkdir(exist_ok=True)
    Path("subscription.yaml").rename("clients/atelier-quiroule.yaml")
    Path("fleet.yaml").write_text(
        "apiVersion: flexsync/v1\nkind: Fleet\nname: quiroule\n"
        "mail:\n  sender: flex@quiroule.example\n"
        f"  smtp: {{host: 127.0.0.1, port: {port}, tls: {tls}, user: flex, password_from: {{{password}}}}}\n"
    )


def test_a_server_is_used_when_the_fleet_names_one(applied, flexsync, trusted, monkeypatch):
    monkeypatch.setenv("FLEX_SMTP", "correct horse")
    with MailServer(tls=trusted) as server:
        with_server(server.port)
        done = flexsync("deliver")
    assert (done.code, done.err) == (0, "")
    assert len(server.taken) >= 1 and not Path(".flexsync/mail").exists()


def test_a_missing_password_is_named_before_anything_is_sent(applied, flexsync, monkeypatch):
    monkeypatch.delenv("FLEX_SMTP", raising=False)
    with_server(1)
    done = flexsync("deliver")
    assert done.code == 9
    assert "The password of the mail server cannot be had: FLEX_SMTP is not set" in done.err


def test_a_server_that_is_away_is_told_and_the_mails_wait(applied, flexsync, monkeypatch):
    monkeypatch.setenv("FLEX_SMTP", "correct horse")
    with_server(1)
    done = flexsync("deliver")
    assert done.code == 9
    assert "The mail server 127.0.0.1:1 takes no mail: connection refused." in done.err
    assert "waiting" in done.out
    assert "horse" not in done.out + done.err


def test_an_apply_stays_done_when_its_mails_cannot_leave(applied, flexsync, monkeypatch):
    monkeypatch.setenv("FLEX_SMTP", "correct horse")
    with_server(1)
    done = flexsync("apply", "--yes", "--deliver", "--as-of", "2013-02-15")
    assert done.code == 0
    assert "takes no mail" in done.err


def test_operators_of_the_fleet_file_get_a_digest_of_what_was_refused(applied, flexsync):
    Path("clients").mkdir()
    client = Path("subscription.yaml").rename("clients/atelier-quiroule.yaml")
    Path("fleet.yaml").write_text(
        "apiVersion: flexsync/v1\nkind: Fleet\nname: quiroule\n"
        "mail: {sender: flex@quiroule.example, operators: [ops@quiroule.example]}\n"
        "clients: {files: 'clients/*.yaml'}\n"
    )
    other = client.read_text().replace("atelier-quiroule", "second").replace("namassepasmousse.com", "second.example")
    Path("clients/second.yaml").write_text(other)
    client.write_text(client.read_text().replace("seats: 3", "seats: 9"))
    flexsync("apply", "--yes", "--as-of", "2013-02-15")
    listed = json.loads(flexsync("outbox", "list", "--format", "json").out)
    assert [mail["recipient"] for mail in listed if mail["codes"] == ["N14"]] == ["ops@quiroule.example"]
