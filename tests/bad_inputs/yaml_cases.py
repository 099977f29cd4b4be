"""Bytes and YAML syntax: bad inputs 1 to 67."""

# One case a line, whatever its length.

from tests.bad_inputs.case import BadInput, after_head

_BOMB = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'x'}]" for n in range(9)) + "\n"
_MERGES = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n}\n  <<: [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 25))
_STAIR = "".join(" " * n + f"k{n}:\n" for n in range(1_200))
_NODES = "a: [" + "x," * 200_001 + "x]\n"
_MIB = 1024 * 1024


def _case(number: str, name: str, text: str | bytes, place: tuple[str, int, int], says: str) -> BadInput:
    """A file that is `text` alone; `place` is code, line and column."""
    content = text.encode() if isinstance(text, str) else text
    return BadInput(number, name, content, *place, says)


CASES = [
    _case("1", "alias bomb", _BOMB, ("anchor", 1, 5), "anchors"),
    _case("2", "merge-key bomb", _MERGES, ("anchor", 1, 5), "anchors"),
    _case("3", "one merge key", after_head("users: {}\n<<: *users\n"), ("merge-key", 5, 1), "merge key"),
    _case("4", "merge key with a number", after_head("<<: 5\n"), ("merge-key", 4, 1), "merge key"),
    _case("5", "undefined alias", "a: *b\n", ("alias", 1, 4), "anchors and aliases"),
    _case("6", "same anchor twice", "a: &x 1\nb: &x 2\n", ("anchor", 1, 4), "anchors"),
    _case("7", "alias to itself", "a: &a [*a]\n", ("anchor", 1, 4), "anchors"),
    _case("8", "17 levels", "a: " + "[" * 16 + "]" * 16, ("too-deep", 1, 19), "deeper than 16"),
    _case("9", "100,000 brackets", "a: " + "[" * 100_000, ("too-deep", 1, 19), "deeper than 16"),
    _case("9b", "100,000 brackets at the top", "[" * 100_000, ("not-a-mapping", 1, 1), "found a list"),
    _case("9c", "100,000 braces", "{a: " * 100_000, ("too-deep", 1, 65), "deeper than 16"),
    _case("10", "1,000,000 unclosed brackets", "a: " + "[" * 1_000_000, ("too-deep", 1, 19), "deeper than 16"),
    _case("11", "stair of indents", _STAIR, ("too-deep", 17, 17), "deeper than 16"),
    _case("12", "1 MiB and a byte", b"#" * (_MIB + 1), ("too-big", 1, 1), "1048577 bytes, the limit is 1048576"),
    _case("13", "20 MB comment", b"#" * 20_000_000, ("too-big", 1, 1), "too big"),
    _case("14", "5 M blank lines", b"\n" * 5_000_000, ("too-big", 1, 1), "too big"),
    _case("15", "200,001 nodes", _NODES, ("too-many", 1, 399_999), "limit is 200000"),
    _case("16", "scalar of 4,097 characters", "a: " + "x" * 4_097, ("too-long", 1, 4), "limit is 4096"),
    _case("17", "key of 2,000 characters", "? " + "k" * 2_000 + "\n: 1\n", ("too-long", 1, 3), "limit is 200"),
    _case("18", "same key twice", "a: 1\nb: 2\na: 3\n", ("duplicate-key", 3, 1), "first at line 1"),
    _case("19", "same key NFC and NFD", "caf\u00e9: 1\ncafe\u0301: 2\n", ("duplicate-key", 2, 1), "first at line 1"),
    _case("20", "same key in JSON style", '{"a":1,"a":2}', ("duplicate-key", 1, 8), "first at line 1"),
    _case("21", "Python tag", "a: !!python/object/apply:os.system [id]\n", ("tag", 1, 4), "tags"),
    _case("22", "own tag", "a: !Evil x\n", ("tag", 1, 4), "tags"),
    _case("23", "binary tag", "a: !!binary aGk=\n", ("tag", 1, 4), "tags"),
    _case("24", "set tag", "a: !!set {b}\n", ("tag", 1, 4), "tags"),
    _case("25", "timestamp tag", "a: !!timestamp foo\n", ("tag", 1, 4), "tags"),
    _case("26", "bool tag", "a: !!bool maybe\n", ("tag", 1, 4), "tags"),
    _case("27", "TAG directive", "%TAG ! tag:x,2000:\n---\na: 1\n", ("directive", 1, 1), "directives"),
    _case("28", "YAML 1.1 directive", "%YAML 1.1\n---\na: 1\n", ("directive", 1, 1), "directives"),
    _case("29", "YAML 3.0 directive", "%YAML 3.0\n---\na: 1\n", ("directive", 1, 1), "directives"),
    _case("30", "unknown directive", "%FOO\n---\na: 1\n", ("directive", 1, 1), "directives"),
    _case("31", "raw NUL", b"a: b\0c\n", ("forbidden-character", 1, 5), "U+0000"),
    _case("32", "escaped NUL", r'a: "\0"', ("forbidden-character", 1, 4), "U+0000"),
    _case("33", "raw ESC", b"a: \x1b[2J\n", ("forbidden-character", 1, 4), "U+001B"),
    _case("34", "escaped ESC", r'a: "\e]0;x\a"', ("forbidden-character", 1, 4), "U+001B"),
    _case("35", "C1 control", "a: \u009b\n", ("forbidden-character", 1, 4), "U+009B"),
    _case("36", "DEL", b"a: \x7f\n", ("forbidden-character", 1, 4), "U+007F"),
    _case("37", "direction override", "a: x\u202ey\n", ("forbidden-character", 1, 5), "U+202E"),
    _case("38", "zero-width space in a key", "a\u200bb: 1\n", ("forbidden-character", 1, 2), "invisible"),
    _case("39", "tag characters", "a: x\U000e0041\n", ("forbidden-character", 1, 5), "U+E0041"),
    _case("40", "byte-order mark in mid-file", "a: 1\n\ufeffb: 2\n", ("forbidden-character", 2, 1), "U+FEFF"),
    _case("41", "line separator", "a: x\u2028y\n", ("forbidden-character", 1, 5), "U+2028"),
    _case("42", "no-break space as indent", "a:\n\u00a0\u00a0b: 1\n", ("forbidden-character", 2, 1), "U+00A0"),
    _case("43", "Latin-1", b"a: caf\xe9\n", ("not-utf8", 1, 7), "save the file as UTF-8"),
    _case("44", "0xFF", b"a: \xff\n", ("not-utf8", 1, 4), "byte offset 3"),
    _case("45", "UTF-8 cut at the end", b"a: \xc3", ("not-utf8", 1, 4), "byte offset 3"),
    _case("46", "overlong UTF-8", b"a: \xc0\xaf\n", ("not-utf8", 1, 4), "byte offset 3"),
    _case("47", "raw surrogate", b"a: \xed\xa0\x80\n", ("not-utf8", 1, 4), "byte offset 3"),
    _case("48", "escaped surrogate", r'a: "x\ud800"', ("forbidden-character", 1, 6), "names no character"),
    _case("48b", "escape above Unicode", r'a: "\U00110000"', ("forbidden-character", 1, 5), "names no character"),
    _case("49", "UTF-16", "a: 1\n".encode("utf-16"), ("not-utf8", 1, 1), "UTF-16"),
    _case("50", "two documents", "a: 1\n---\nb: 2\n", ("second-document", 2, 1), "one document per file"),
    _case("51", "text after the end", "a: 1\n...\nb\n", ("second-document", 3, 1), "one document per file"),
    _case("52", "empty file", b"", ("not-a-mapping", 1, 1), "empty"),
    _case("53", "comments only", "# nothing\n\n# here\n", ("not-a-mapping", 1, 1), "empty"),
    _case("54", "bare scalar", "hello\n", ("not-a-mapping", 1, 1), "expected a mapping"),
    _case("55", "list at the top", "- a\n- b\n", ("not-a-mapping", 1, 1), "found a list"),
    _case(
        "56", "LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", ("lfs-pointer", 1, 1), "LFS"
    ),
    _case("57", "tab as indent", "a:\n\tb: 1\n", ("tab", 2, 1), "use spaces"),
    _case("58", "bad dedent", "a:\n    b: 1\n  c: 2\n", ("syntax", 3, 3), "indent"),
    _case("59", "unclosed quote", 'a: "x\nb: 1\n', ("syntax", 3, 1), "never closed"),
    _case("60", "unclosed bracket", "a: [x\nb: 1\n", ("syntax", 2, 2), "not closed"),
    _case("61", "two colons", "a: b: c\n", ("syntax", 1, 5), 'a ":"'),
    _case("62", "at sign", "email: @x\n", ("syntax", 1, 8), "Quote it"),
    _case("63", "bad escape", r'a: "\q"', ("syntax", 1, 6), "escape"),
    _case("64", "merge conflict", "a: 1\n<<<<<<< HEAD\nb: 1\n=======\n", ("merge-conflict", 2, 1), "merge conflict"),
    _case("65", "key that is a list", "? [a, b]\n: 1\n", ("key", 1, 3), "must be text"),
    _case("66", "key that is a mapping", "{a: b}: 1\n", ("key", 1, 1), "must be text"),
    _case("67", "20,000 key signs", "? " * 20_000, ("key", 1, 3), "must be text"),
    _case("67b", "key that is a number", "1: x\n", ("key", 1, 1), 'Quote it: "1"'),
    _case("67c", "key that is empty", "? \n: x\n", ("key", 1, 2), "found nothing"),
]
