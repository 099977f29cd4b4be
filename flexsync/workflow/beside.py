"""serve --deliver: rounds of delivery beside the portal, in a thread of their own.

In: a Post. Out: nothing; each round is told as it ends. Mails wait in the store whatever happens here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from flexsync.errors import FlexsyncError
from flexsync.outbox.deliver import Post
from flexsync.workflow.delivering import LONGEST_PAUSE, Round, rounds

#: Seconds that the end of the portal waits for the mail in hand; one that hangs longer is sent again, as after a kill.
PATIENCE = 8


@contextmanager
def delivering(
    post: Post, on_round: Callable[[Round], None], on_trouble: Callable[[FlexsyncError], None]
) -> Iterator[None]:
    """Deliver while the block runs, and end after the mail in hand; whatever goes wrong is told and outlived."""
    ended = Event()
    thread = Thread(target=_delivered, args=(post, ended, on_round, on_trouble), name="delivery", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(PATIENCE)


def _delivered(
    post: Post, ended: Event, on_round: Callable[[Round], None], on_trouble: Callable[[FlexsyncError], None]
) -> None:
    while not ended.is_set():
        try:
            for done in rounds(post, limit=None, stop=ended.is_set, wait=ended.wait):
                on_round(done)
        except Exception as error:  # a thread that died would leave everybody without mails, and nobody would know
            with suppress(OSError):
                on_trouble(error if isinstance(error, FlexsyncError) else _unexpected(error))
            ended.wait(LONGEST_PAUSE)


def _unexpected(error: Exception) -> FlexsyncError:
    # What it says may quote a mail, or a secret; `flexsync deliver` is for whoever looks after it.
    return FlexsyncError(
        f"Delivery failed ({type(error).__name__}); it goes on in 5 minutes, and `flexsync deliver` says more."
    )
