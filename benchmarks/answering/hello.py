"""The peer: hello-world Flask."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """The least a Flask page can do."""
    return "Hello, world"
