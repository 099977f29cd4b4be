import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from flexsync.language import LANGUAGES, french, shown_day, words

ROOT = Path(__file__).parents[2]
DOMAINS = ("mails", "portal", "console", "operator")


def test_committed_words_are_up_to_date_and_none_lacks_its_french():
    done = subprocess.run(
        [sys.executable, ROOT / "script" / "locales", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), "run script/locales"


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", [*LANGUAGES, "de", ""])
def test_every_part_has_words_in_every_language(language, domain):
    assert words(language, domain).gettext("no such text") == "no such text"


def test_in_french_nought_and_one_are_singular():
    assert [words("fr", "mails").plural(n) for n in (0, 1, 2)] == [0, 0, 1]


@pytest.mark.parametrize(
    ("typed", "set_in_type"),
    [
        ("Bonjour !", "Bonjour\u00a0!"),
        ("« Mon Compte »", "«\u00a0Mon Compte\u00a0»"),
        ("l'espace : d'accord ; non ?", "l’espace\u00a0: d’accord\u00a0; non\u00a0?"),
        ("http://x.fr/?a=1;b", "http://x.fr/?a=1;b"),
    ],
)
def test_french_is_typeset(typed, set_in_type):
    assert french(typed) == set_in_type
    assert french(set_in_type) == set_in_type


@pytest.mark.parametrize(
    ("day", "in_french", "in_english"),
    [
        (date(2026, 12, 1), "01/12/2026", "1 Dec 2026"),
        (date(2014, 2, 28), "28/02/2014", "28 Feb 2014"),
        (date(987, 1, 9), "09/01/0987", "9 Jan 987"),
    ],
)
def test_days_are_written_as_people_of_the_language_write_them(day, in_french, in_english):
    assert (shown_day(day, "fr"), shown_day(day, "en")) == (in_french, in_english)
