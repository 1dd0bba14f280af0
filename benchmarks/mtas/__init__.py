"""A whole round through real mail servers into real mailboxes, with a proxy in front that does wrong at every stage."""
