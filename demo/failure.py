"""When a step of the demonstration does not work."""


class DemoFailed(Exception):
    """The text says which step, and what was seen."""
