"""Passwords: which are refused, and how many are looked at at once."""

import threading

import pytest

from flexsync import passwords
from flexsync.passwords import Busy, Hashing, refused
from tests.support.web import HASHING, KEPT, PASSWORD

KNOWN = ["Anne", "Dupont", "anne.dupont@atelier.example", "Atelier Quiroule", "Ciel Compta"]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", passwords.TOO_SHORT),
        ("short", passwords.TOO_SHORT),
        ("x" * 11, passwords.TOO_SHORT),
        ("azertyuiop12", passwords.COMMON),
        ("motdepasse2026", passwords.COMMON),
        ("bonjour2026!", passwords.COMMON),
        ("Comptabilité1", passwords.COMMON),
        ("passwordpassword", passwords.COMMON),
        ("123456789012", passwords.COMMON),
        ("aaaaaaaaaaaaaaaaaaaa", passwords.COMMON),
        ("anne-dupont-12", passwords.PERSONAL),
        ("AtelierQuiroule", passwords.PERSONAL),
        ("ciel compta 12", passwords.PERSONAL),
        ("Ânne Dùpont 2026", passwords.PERSONAL),
        ("x" * 1025, passwords.TOO_LONG),
        ("un petit tas\x00 de bois", passwords.UNUSABLE),
        ("un petit tas\ud800 de bois", passwords.UNUSABLE),
        ("un petit tas de bois vert", ""),
        ("correct horse battery", ""),
        ("🚲 verte, deux roues – et trois chats qui dorment au soleil !!", ""),
        ("Anne mange 14 pommes vertes", ""),
    ],
)
def test_each_password_has_its_answer(password, reason):
    assert refused(password, KNOWN) == reason


def test_no_reason_repeats_the_password():
    for password in ("azertyuiop12", "anne-dupont-12"):
        assert password not in refused(password, KNOWN)


def test_a_hash_says_how_it_was_made_and_opens_for_its_password_alone():
    assert KEPT.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert HASHING.matches(PASSWORD, KEPT)
    assert not HASHING.matches(PASSWORD + " ", KEPT)
    assert not HASHING.outdated(KEPT)


@pytest.mark.parametrize("kept", [None, "", "x", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA"])
@pytest.mark.parametrize("password", ["", PASSWORD, "\x00", "\ud800", "x" * 5000])
def test_without_a_hash_no_password_matches(password, kept):
    assert HASHING.matches(password, kept) is False


def test_passwords_are_not_shortened():
    long = "ab" * 500
    kept = HASHING.hashed(long)
    assert HASHING.matches(long, kept)
    assert not HASHING.matches(long[:-1], kept)


def test_a_weaker_hash_is_outdated():
    from argon2 import PasswordHasher

    assert HASHING.outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))


def test_so_many_wait_and_no_more():
    hashing = Hashing(at_once=1, waiting=1, patience=30)
    inside, waits = threading.Event(), []
    with hashing._turn():
        waiter = threading.Thread(target=lambda: (inside.set(), waits.append(hashing.matches("x", None))))
        waiter.start()
        inside.wait(10)
        while hashing._door._value:
            waiter.join(0.01)
        with pytest.raises(Busy):
            hashing.hashed("x")
    waiter.join(10)
    assert waits == [False]
