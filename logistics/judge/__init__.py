"""The judge: an independent checker and scorer of plans.

It shares only the nouns with the solver, computes every number again from lines and routes, and
names each fault under a stable code (`CODES`).
"""

from logistics.judge.certificates import Certified, certified
from logistics.judge.codes import CODES, Code
from logistics.judge.numbers import score
from logistics.judge.replan import verify_replan
from logistics.judge.routing import check_routes
from logistics.judge.shares import verify_shares
from logistics.judge.verdict import CHECKS, verify

__all__ = [
    "verify",
    "verify_replan",
    "verify_shares",
    "check_routes",
    "score",
    "CHECKS",
    "CODES",
    "Code",
    "Certified",
    "certified",
]
