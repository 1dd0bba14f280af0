"""Returned mail made by the mail servers that Debian ships, and how well Ruil and others read it."""
