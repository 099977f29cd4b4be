"""What a change brings with it beside the State: facts, mails, invitations, and the last look at the guards.

Pure: In: States before and after, ready steps. Out: values that `flexsync.apply` writes.
"""
