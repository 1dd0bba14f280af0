"""How fast mail leaves, beside Postfix's own sender; and what a thousand kills of the sender do to it."""
