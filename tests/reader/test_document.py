"""Facts about reading one file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flexsync.desired.document import Document, parse
from flexsync.desired.yaml_events import any_parser, c_parser, pure_parser
from flexsync.errors import InvalidFiles, Problem, Where

TEXT = """\
# a comment
name: ab
users:
  p.martin: {given_name: Zoé, access: [compta, paye]}
  "l.petit":
    starts_on: 2026-01-31
    country: NO
    gone:
"""


@pytest.fixture
def document() -> Document:
    return parse("clients/ab.yaml", TEXT.encode())


def problems(content: bytes) -> tuple[Problem, ...]:
    with pytest.raises(InvalidFiles) as caught:
        parse("f.yaml", content)
    return caught.value.problems


def test_data_is_plain_and_dates_and_words_stay_text(document: Document) -> None:
    assert document.data["users"] == {
        "p.martin": {"given_name": "Zoé", "access": ["compta", "paye"]},
        "l.petit": {"starts_on": "2026-01-31", "country": "NO", "gone": None},
    }


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ((), 2, 1),
        (("name",), 2, 7),
        (("users", "p.martin"), 4, 13),
        (("users", "p.martin", "access", 1), 4, 48),
        (("users", "l.petit", "starts_on"), 6, 16),
        (("users", "l.petit", "nothing", "here"), 6, 5),
    ],
)
def test_a_value_has_its_place_or_that_of_its_nearest_ancestor(
    document: Document, path: tuple[str | int, ...], line: int, column: int
) -> None:
    assert document.where(path) == Where("clients/ab.yaml", line, column)


def test_a_key_has_its_place_counted_in_characters(document: Document) -> None:
    assert document.where_key(("users", "l.petit")) == Where("clients/ab.yaml", 5, 3)
    assert document.where_key(("users", "p.martin", "access")) == Where("clients/ab.yaml", 4, 31)


def test_has_tells_what_was_written_a_null_too(document: Document) -> None:
    assert document.has(("users", "l.petit", "gone"))
    assert not document.has(("users", "l.petit", "nothing"))
    assert not document.has(("name", "x"))


def test_source_lines_are_given_without_their_end() -> None:
    document = parse("f.yaml", b"a: 1\r\nb: 2\r\n")
    assert [document.line(number) for number in range(4)] == ["", "a: 1", "b: 2", ""]
    assert document.where(("b",)) == Where("f.yaml", 2, 4)


@pytest.mark.parametrize("line", ["password: s3", '{"api_token": s3}', "mot_de_passe : s3", "PASSWORD_from: s3"])
def test_a_source_line_never_shows_what_follows_the_name_of_a_secret(line: str) -> None:
    shown = parse("f.yaml", line.encode()).line(1)
    assert "s3" not in shown
    assert shown.endswith("***")


def test_a_mark_at_the_start_of_the_file_is_no_part_of_it() -> None:
    assert parse("f.yaml", b"\xef\xbb\xbfa: 1").where_key(("a",)) == Where("f.yaml", 1, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("0", 0),
        ("-12", -12),
        ("999999999999999", 999_999_999_999_999),
        ("yes", "yes"),
        ("2026-01-31", "2026-01-31"),
        ("12.1.3", "12.1.3"),
        ("10%", "10%"),
        ("-", None),
        ("'010'", "010"),
        ('"1e3"', "1e3"),
        ("'true'", "true"),
        ("SIE 2013-0117", "SIE 2013-0117"),
    ],
)
def test_an_unquoted_scalar_is_null_a_bool_a_plain_number_or_text(text: str, value: object) -> None:
    found = parse("f.yaml", f"a: [{text}, 1]".encode() if text not in {"", "-"} else b"a:").data["a"]
    assert (found[0] if isinstance(found, list) else found) == value


DOUBTFUL = ["010", "-010", "+1", "-0", "1_000", "0x10", "0o17", "0b1", "1.5", "1.", ".5", "1e3", "1E-3", "12e33"]
DOUBTFUL += ["7.32829E+08", ".nan", ".NaN", "-.inf", ".INF", "1:30", "190:20:30", "1:30.5", "+33612345678", "1" * 16]


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_number_that_readers_disagree_on_must_be_quoted(text: str) -> None:
    (problem,) = problems(f"a: {text}".encode())
    assert (problem.code, problem.where.column) == ("number", 4)
    assert text in problem.message and "Quote" in problem.message
    assert parse("f.yaml", f"a: '{text}'".encode()).data == {"a": text}


def test_all_problems_of_a_file_are_told_at_once_in_its_order() -> None:
    found = problems(b"a: &x 1\nb: !t [*x, 010]\nc: 1\nc: {<<: 2}\nd: [1\ne: 2\n")
    assert [(problem.code, problem.where.line) for problem in found] == [
        ("anchor", 1),
        ("tag", 2),
        ("alias", 2),
        ("number", 2),
        ("duplicate-key", 4),
        ("merge-key", 4),
        ("syntax", 6),
    ]


def test_more_than_fifty_problems_are_counted() -> None:
    found = problems(b"".join(b"k%d: 01\n" % number for number in range(80)))
    assert len(found) == 51
    assert (found[-1].code, found[-1].message) == ("more-problems", "and 30 more problems in this file.")


def test_a_million_forbidden_characters_are_counted_quickly() -> None:
    assert problems(b"\t" * 1_000_000)[-1].message == "and 999950 more problems in this file."


def test_many_duplicate_keys_are_counted_quickly() -> None:
    text = "".join(f"k{number}: 1\n" for number in range(30_000))
    assert problems((text + text).encode())[-1].message == "and 29950 more problems in this file."


def test_a_problem_carries_its_source_line_cut_when_long() -> None:
    (problem,) = problems(b"a: 010 # " + b"x" * 5_000)
    assert problem.source.startswith("a: 010 # xxx")
    assert len(problem.source) == 240


def test_the_pure_parser_takes_over_when_the_extension_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "_ruamel_yaml", None)
    with pytest.raises(ImportError):
        c_parser("a: 1")
    assert parse("f.yaml", TEXT.encode(), any_parser).data == parse("f.yaml", TEXT.encode(), pure_parser).data


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_load_or_raise_invalid_files(content: bytes) -> None:
    try:
        assert isinstance(parse("f.yaml", content).data, dict)
    except InvalidFiles as error:
        assert all(problem.code and problem.message.isprintable() for problem in error.problems)
