"""Passwords of people: how they are kept, and which are too easy.

In: what somebody typed. Out: a hash to keep, yes or no, or why it is refused. It must never show, shorten or
log what was typed, and it asks nobody else.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from flexsync.errors import FlexsyncError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 1024
#: Argon2id: KiB of memory, passes over it, lanes. About a tenth of a second.
MEMORY, PASSES, LANES = 19 * 1024, 2, 1
#: Passwords that are checked at the same time: one processor is left to answer everything else.
AT_ONCE = max(1, (os.cpu_count() or 1) - 1)
#: Seconds that one asks a busy browser to wait.
RETRY_AFTER = 5
_SCORED = 72  # zxcvbn takes no more
_STRONG = 3  # of 4: more than 10^8 guesses
_REMAINS = 6
_OWN = 4


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: What people of these firms think of first; zxcvbn knows the English lists.
_FRENCH = _words_of(
    "azerty azertyuiop qsdfgh wxcvbn motdepasse motdepas passe bonjour bonsoir bienvenue soleil chouchou doudou "
    "loulou coucou amour jetaime marseille paris lyon toulouse bordeaux nantes lille france francais bretagne "
    "janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre printemps automne hiver "
    "lundi mardi mercredi jeudi vendredi samedi dimanche camille nicolas julien thomas marine chocolat vacances "
    "liberte egalite fraternite football maman papa secret changer changez provisoire utilisateur administrateur"
)
_TRADE = _words_of(
    "compta comptable comptabilite expert expertise cabinet gestion commerciale paie paye salaire bilan fiscal "
    "declaration directdeclaration teledeclaration facture facturation devis client clients dossier dossiers "
    "banque tresorerie urssaf impots siret siren ciel flex ultraflex flexibilite flexsync espace abonnement "
    "logiciel societe entreprise"
)


def N_(text: str) -> str:
    """`text` as it is: marked for translation, which happens where it is shown."""
    return text


TOO_SHORT = N_("Use at least 12 characters. A few words that nobody would put together make a good password.")
TOO_LONG = N_("Use at most 1,024 characters.")
UNUSABLE = N_("This password contains a character that cannot be typed again. Choose another one.")
PERSONAL = N_("This password is made of a name, an address or a product that others know. Choose another one.")
COMMON = N_("This password is easy to guess. Use a longer one, or words that nobody would put together.")


class Busy(FlexsyncError):
    """Too many passwords are being checked at this moment; trying again is safe."""


class Hashing:
    """Argon2id, `at_once` at a time and `waiting` in line for at most `patience` seconds; more are turned away."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = 8, patience: float = 5.0) -> None:
        self._patience = patience
        self._door = BoundedSemaphore(at_once + waiting)
        self._places = BoundedSemaphore(at_once)
        self._line = BoundedSemaphore(at_once + waiting)

    @contextmanager
    def in_line(self) -> Iterator[None]:
        """A place in line for all that signing in takes; raises Busy, before the store is asked, when none is free."""
        if not self._line.acquire(blocking=False):
            raise Busy("busy, try again")
        try:
            yield
        finally:
            self._line.release()

    def hashed(self, password: str) -> str:
        """What to keep of a password; raises Busy."""
        with self._turn():
            return self._argon.hash(password.encode())

    def matches(self, password: str, kept: str | None) -> bool:
        """True when `kept` is the hash of `password`; raises Busy. Without a hash the same work, and False."""
        from argon2.exceptions import InvalidHashError, VerificationError

        if not _is_usable(password) or len(password) > LONGEST:
            password, kept = "", None
        with self._turn():
            try:
                return self._argon.verify(kept or self._nobody, password.encode()) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, kept: str) -> bool:
        """True of a hash made with other parameters than today's."""
        return self._argon.check_needs_rehash(kept)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._door.acquire(blocking=False):
            raise Busy("busy, try again")
        try:
            if not self._places.acquire(timeout=self._patience):
                raise Busy("busy, try again")
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._door.release()

    @cached_property
    def _argon(self) -> "PasswordHasher":
        from argon2 import PasswordHasher

        return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY, parallelism=LANES)

    @cached_property
    def _nobody(self) -> str:
        """A hash that no password has: what is compared when there is no account."""
        return self._argon.hash(b"\x00")


def refused(password: str, known: Iterable[str] = ()) -> str:
    """Why `password` cannot be used, one of the texts above, in English; empty when it can.

    `known` are names, addresses, firms and products that others would try first.
    """
    if not _is_usable(password):
        return UNUSABLE
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    words = sorted(_words(known), key=lambda word: (-len(word), word))
    if _is_made_of(_plain(password), words):
        return PERSONAL
    return COMMON if _is_common(password, words) else ""


def _is_usable(password: str) -> bool:
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in password


def _plain(text: str) -> str:
    """Lower case without accents: what a guesser would try."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _words(known: Iterable[str]) -> set[str]:
    """The words of names and addresses that are long enough to give somebody away."""
    parts = (part for text in known for part in (*re.split(r"[^a-z0-9]+", _plain(text)), _joined(text)))
    return {part for part in parts if len(part) >= _OWN}


def _joined(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", _plain(text))


def _is_made_of(plain: str, words: Iterable[str]) -> bool:
    """True when hardly anything is left of `plain` without the `words`."""
    rest = plain
    for word in words:
        rest = rest.replace(word, "")
    return rest != plain and len(re.sub(r"[^a-z0-9]", "", rest)) < _REMAINS


def _is_common(password: str, words: Iterable[str]) -> bool:
    from zxcvbn import zxcvbn

    listed = [*_FRENCH, *_TRADE, *words]
    scores = (zxcvbn(form[:_SCORED], user_inputs=listed)["score"] for form in {password, _plain(password)} if form)
    return bool(min(scores) < _STRONG)
