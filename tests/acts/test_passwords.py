"""reset-password and send-password: a link, and word of where to read; never a password."""

from dataclasses import replace

import pytest

from flexsync.acts.passwords import reset_password, send_password
from flexsync.errors import Refused
from tests.support.inviting import linked, revoked
from tests.support.stored import ANNE, LAURE, PAUL, VAT, atelier, brought

FILING = atelier(services={"vat_filing": VAT})


@pytest.fixture
def active(store, activated):
    """A subscription with a filing service, whose users have passwords."""
    brought(store, FILING)
    activated(PAUL)
    activated(LAURE)
    return store


def test_a_forgotten_password_is_a_link_and_the_link_before_is_dead(active, clock):
    linked(active, purpose="reset")
    first = reset_password(active, "atelier", "p.martin", actor="claire")
    second = reset_password(active, "atelier", "p.martin", actor="claire")
    assert revoked(active) == clock.now()
    mails = [*active.outbox(run=first.run), *active.outbox(run=second.run)]
    assert [(mail.codes, mail.purpose, mail.state) for mail in mails] == [
        (("N7",), "reset", "cancelled"),
        (("N7",), "reset", "queued"),
    ]
    _, (entry,) = active.run(second.run)
    assert [(step["kind"], step["subject"]) for step in entry.steps] == [("password.reset", "user/p.martin")]
    assert active.check() == []


def test_a_reset_leaves_links_of_other_purposes_alone(active):
    linked(active, purpose="confirm_email")
    reset_password(active, "atelier", "p.martin", actor="claire")
    assert revoked(active) is None


@pytest.mark.parametrize("act", [reset_password, send_password])
def test_who_never_chose_a_password_is_invited_instead(active, act):
    with pytest.raises(Refused) as refused:
        act(active, "atelier", "admin", actor="claire")
    assert str(refused.value) == "admin has no password yet; use flexsync resend atelier admin instead."


def test_a_recipient_is_told_where_the_shared_password_is_never_the_password(active):
    told = send_password(active, "atelier", "p.martin", actor="claire")
    (mail,) = active.outbox(run=told.run)
    assert (mail.recipient, mail.codes, mail.purpose) == (PAUL.email, ("N9",), "")
    (change,) = mail.payload["changes"]
    assert (change["kind"], change["subject"]) == ("service.send_password", "service/vat_filing")
    assert "env:" not in str(mail.payload)
    assert "correct horse" not in str(mail.payload)


def test_nobody_but_recipients_and_the_administrator_is_told(active, activated):
    with pytest.raises(Refused) as refused:
        send_password(active, "atelier", "l.petit", actor="claire")
    assert "l.petit is no recipient of any service with a shared password" in str(refused.value)
    activated(ANNE)
    assert send_password(active, "atelier", "admin", actor="claire").recipient == ANNE.email


def test_only_the_service_that_is_named_is_told(active):
    with pytest.raises(Refused, match=r"p\.martin is no recipient of payroll_filing"):
        send_password(active, "atelier", "p.martin", actor="claire", service="payroll_filing")
    assert send_password(active, "atelier", "p.martin", actor="claire", service="vat_filing").recipient == PAUL.email


def test_a_service_that_is_off_has_nothing_to_tell(active):
    brought(active, replace(FILING, services={"vat_filing": replace(VAT, status="off")}))
    with pytest.raises(Refused):
        send_password(active, "atelier", "p.martin", actor="claire")
