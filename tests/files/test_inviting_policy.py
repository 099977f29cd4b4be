"""How people are invited is the files' to say."""

from datetime import timedelta

from flexsync.desired.resolve import policy
from tests.support.subscriptions import edited


def test_the_pause_is_a_day_unless_the_files_say_otherwise():
    assert policy(edited({})).pause == timedelta(hours=24)
    said = policy(edited({"policy/invitation_pause_hours": 72, "policy/invitation_days": 3}))
    assert (said.pause, said.invitation_days) == (timedelta(hours=72), 3)
