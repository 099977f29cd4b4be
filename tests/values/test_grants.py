"""Grants: signed once, altered never."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flexsync.grants import BadGrant, Grant, decoded, encoded, opened, public_key, public_text, signed
from flexsync.keys import Keys

KEY = Keys(b"k" * 32).signer()
TEXT = signed(
    Grant("dupont", "paye", "p@d.example", "PC-1", datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)),
    KEY,
)


@settings(max_examples=300)
@given(st.integers(0, len(TEXT) - 1), st.characters(codec="utf-8"))
def test_a_grant_in_which_one_character_is_another_is_refused(place, other):
    if other == TEXT[place]:
        return
    with pytest.raises(BadGrant):
        opened(TEXT[:place] + other + TEXT[place + 1 :], public_key(public_text(KEY)))


def test_a_grant_in_which_any_one_bit_of_any_byte_is_another_is_refused():
    content, signature = map(decoded, TEXT.split("."))
    for part, other, join in ((content, signature, lambda a, b: (a, b)), (signature, content, lambda a, b: (b, a))):
        for place in range(len(part)):
            for bit in range(8):
                changed = part[:place] + bytes([part[place] ^ (1 << bit)]) + part[place + 1 :]
                with pytest.raises(BadGrant):
                    opened(".".join(map(encoded, join(changed, other))), public_key(public_text(KEY)))


@pytest.mark.parametrize(
    "text", ["", ".", "a", "a.b", TEXT + "=", TEXT + ".", TEXT + "\n", " " + TEXT, "x" * 5000, TEXT[:-1]]
)
def test_what_is_no_grant_is_refused(text):
    with pytest.raises(BadGrant):
        opened(text, public_key(public_text(KEY)))


def test_a_grant_of_another_portal_is_refused():
    with pytest.raises(BadGrant):
        opened(TEXT, public_key(public_text(Keys(b"other").signer())))
