"""Handing mail over: what may leave now, the conversation with the server, and what is written down of it."""
