"""Where subscriptions, accounts, mails and the journal live. Import what you need from its modules."""
