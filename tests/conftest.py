"""Hypothesis looks for new examples on a desk, and repeats the same ones where a change is judged.

A law that fails on a new example is a bug to mend, wherever it is found; whether a change lands must
not depend on luck.
"""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
