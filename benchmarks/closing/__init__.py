"""How long a round takes to close: opened, counted, published, erased; and how that grows with people."""
