"""Names of persons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexsync.desired.names import name_problem


@pytest.mark.parametrize(
    "name",
    [
        "Anne",
        "Martin-Lefèvre",
        "J.-P.",
        "St. John",
        "O'Neill",
        "d’Arc",
        "Noe\u0308l",
        "李",
        "Никита",
        "שלום",
        "DE LA TOUR",
    ],
)
def test_names_of_any_script_pass(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "at least one letter"),
        ("   ", "at least one letter"),
        ("...", "no letter"),
        (" Anne", "starts or ends with a space"),
        ("a" * 81, "81 characters; at most 80"),
        ("Anne\nDupont", "U+000A"),
        ("http://x.example", "looks like a link"),
        ("gagnez.example", "looks like a link"),
        ("www.x", "looks like a link"),
        ("<script>", '"<"'),
        ("`id`", '"`"'),
        ("=?UTF-8?Q?x?=", "=?"),
        ("a@b", '"@"'),
        ("Anne 3", '"3"'),
        ("An\u200bne", "U+200B"),
        ("\u3164", "U+3164"),
        ("e" + "\u0301" * 4, "piles up accents"),
        ("\u0301e", "piles up accents"),
        ("שלוםabc", "from left and from right"),
    ],
)
def test_what_a_program_could_act_on_is_refused(name: str, says: str) -> None:
    assert says in (name_problem(name) or "")


@given(st.text(max_size=100))
def test_any_text_gets_an_answer_on_one_line(text: str) -> None:
    assert "\n" not in (name_problem(text) or "")
