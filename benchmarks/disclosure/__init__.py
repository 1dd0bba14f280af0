"""The attack on Ruil's own promise, in the open (science.md B6)."""
