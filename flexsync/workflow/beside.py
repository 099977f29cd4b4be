"""serve --deliver: rounds of delivery beside the portal, in a thread of their own.

In: a Post. Out: nothing; each round is told as it ends. Mails wait in the store whatever happens here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from flexsync.errors import FlexsyncError
from flexsync.outbox.deliver import Post
from flexsync.workflow.delivering import LONGEST_PAUSE, Round, rounds


@contextmanager
def delivering(
    post: Post, on_round: Callable[[Round], None], on_trouble: Callable[[FlexsyncError], None]
) -> Iterator[None]:
    """Deliver while the block runs, and end after the mail in hand; trouble of the store is told and outlived."""
    ended = Event()
    thread = Thread(target=_delivered, args=(post, ended, on_round, on_trouble), name="delivery")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _delivered(
    post: Post, ended: Event, on_round: Callable[[Round], None], on_trouble: Callable[[FlexsyncError], None]
) -> None:
    while not ended.is_set():
        try:
            for done in rounds(post, limit=None, stop=ended.is_set, wait=ended.wait):
                on_round(done)
        except FlexsyncError as error:
            on_trouble(error)
            ended.wait(LONGEST_PAUSE)
