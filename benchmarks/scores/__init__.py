"""Teams whose truth is known, scored by Ruil: how often it speaks falsely, and how often it sees (science.md A4)."""
