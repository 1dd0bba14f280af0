"""What each mail says: words, look, headers and links, in two parts, the same bytes however often it is made."""
