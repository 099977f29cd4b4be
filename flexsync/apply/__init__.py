"""Plan to Outcome: the only writer. One subscription, one transaction.

In: SubscriptionPlans and an open store. Out: Outcomes, and rows: State, people, facts, invitations, mails
and journal, all or none. It must not read files, decide what is desired, or send a mail.
"""

from flexsync.apply.run import Report, apply_all
from flexsync.apply.shared import Secrets, Strongbox, sets_password
from flexsync.apply.subscription import Outcome, apply_subscription
from flexsync.apply.writing import Tools

__all__ = ["Outcome", "Report", "Secrets", "Strongbox", "Tools", "apply_all", "apply_subscription", "sets_password"]
