"""A HiGHS that keeps quiet: it greets on standard output the first time it starts, and a table is no place for that."""

from __future__ import annotations

import os
import sys

import highspy


def silent_model() -> highspy.Highs:
    """A fresh model that prints nothing, neither now nor when it runs."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        model = highspy.Highs()  # type: ignore[no-untyped-call]
        model.silent()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
    return model
