"""`make demo`: a fictional care organisation, its history, and a mailbox to try Ruil in."""
