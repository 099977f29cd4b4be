"""The mails shown at the command line, before anybody gets one."""

import pytest

from flexsync.outbox.samples import CODES


def test_list_names_every_notice(flexsync):
    done = flexsync("notice", "list")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()[1:]] == list(CODES)
    assert "Activez vos comptes" in flexsync("notice", "list", "--lang", "fr").out


def test_preview_needs_no_files_and_no_store_and_small_letters_will_do(flexsync):
    done = flexsync("notice", "preview", "n2", "--lang", "en")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Your user account has been created: choose your password\n\nDear Mr Quiroule,\n")


@pytest.mark.parametrize(("form", "beginning"), [("html", "<!DOCTYPE html>"), ("eml", "From: Cabinet Morel")])
def test_preview_shows_the_page_and_the_mail_as_it_is_sent(flexsync, form, beginning):
    assert flexsync("notice", "preview", "N8", "--format", form).out.startswith(beginning)


@pytest.mark.parametrize("code", ["N16", "N0", "N", "invitation", "\u202eN2"])
def test_a_misspelt_notice_is_answered_with_all_there_are(flexsync, code):
    done = flexsync("notice", "preview", code)
    assert done.code == 64
    assert "Notices are N1, N2, N3" in done.err
    assert "\u202e" not in done.err
