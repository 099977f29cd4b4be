"""Syntax errors of the YAML parsers, in our words.

In: the error of either parser. Out: code, message and index. Both parsers must end in the same ones.
"""

from ruamel.yaml.error import MarkedYAMLError

#: What the parsers say, and what we say; the first that is found counts.
_WORDS = (
    (
        "mapping values are not allowed",
        'a ":" that cannot be here. Quote the text when it holds ": "; check the indent.',
    ),
    ("cannot start any token", "a value cannot begin with this character. Quote it."),
    ("expected ':'", 'a key without ":" after it. Write "key: value"; check quotes and indent.'),
    ("sequence entries are not allowed", 'a list item ("- ") that cannot be here. Put it on a line of its own.'),
    ("mapping keys are not allowed", 'a key ("? ") that cannot be here. Write "key: value".'),
    ("unexpected end of stream", "a quote that is never closed. Close it."),
    ("escape", "an unknown escape in double quotes. Use single quotes, or write the backslash twice."),
    ("expected hexdecimal number", "an escape without its hexadecimal digits. Complete it."),
    ("expected escape sequence", "an escape without its hexadecimal digits. Complete it."),
    ("document indicator", "a line of dashes or dots inside quotes. Close the quote before it."),
    ("',' or ']'", 'a list in brackets that is not closed or misses a comma. Expected "," or "]".'),
    ("',' or '}'", 'a mapping in braces that is not closed or misses a comma. Expected "," or "}".'),
    ("expected key", "an indent that fits no line above, or a missing key. Align it with its siblings."),
    ("block end", "an indent that fits no line above, or a missing key. Align it with its siblings."),
    ("'-' indicator", "an indent that fits no line above. Align it with its siblings."),
    ("node content", "a value is missing here. Write one, or remove the sign."),
)
SECOND_DOCUMENT = "one document per file: text after the end of the document. Move it to a file of its own."


def told(error: MarkedYAMLError) -> tuple[str, str, int]:
    """Code, message and index of a syntax error."""
    problem = str(error.problem)
    index = error.problem_mark.index if error.problem_mark else 0
    if "document start" in problem:
        return "second-document", SECOND_DOCUMENT, index
    said = next((ours for theirs, ours in _WORDS if theirs in problem), "this cannot be read. Check quotes and indent.")
    return "syntax", f"not valid YAML: {said}", index
