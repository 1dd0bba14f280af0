"""How fast a round's reports are made, beside one process each and beside Chromium."""
