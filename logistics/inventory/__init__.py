"""The stock book as pure facts: entries with two ends, their balance, and what each verb adds.

Nothing here reads a clock, a file or a database; `logistics/store` keeps what this room decides.
"""

from logistics.inventory.acts import Act, ActRefused, discard, hold, move, unhold
from logistics.inventory.arrivals import Arrivals, Known, Listing, arrivals
from logistics.inventory.balance import EMPTY, Balance, BookBroken, extend, fold, violations
from logistics.inventory.changes import Change, change_findings, losses, merge, repack, split
from logistics.inventory.entries import Account, AccountKind, Entry, Kind
from logistics.inventory.goods import Goods, goods_of
from logistics.inventory.outcomes import Outcome, OutcomeKind, Recorded, book_outcomes
from logistics.inventory.outcomes_csv import outcomes_from_bytes, outcomes_from_text
from logistics.inventory.passage import Haul, Incident, Passage, passages
from logistics.inventory.reservation import BookDiffers, Difference, Reservation, accept, promise
from logistics.inventory.reversal import fact_of, retold, reverse
from logistics.inventory.trace import (
    Ending,
    Relative,
    Trace,
    trace,
)
from logistics.inventory.underway import UnderWay, promise_anew

__all__ = [
    "Account",
    "AccountKind",
    "Kind",
    "Entry",
    "Balance",
    "EMPTY",
    "fold",
    "extend",
    "violations",
    "BookBroken",
    "Goods",
    "goods_of",
    "Listing",
    "Known",
    "Arrivals",
    "arrivals",
    "Haul",
    "Passage",
    "passages",
    "Incident",
    "UnderWay",
    "promise_anew",
    "Reservation",
    "accept",
    "promise",
    "Difference",
    "BookDiffers",
    "Outcome",
    "OutcomeKind",
    "outcomes_from_bytes",
    "outcomes_from_text",
    "Recorded",
    "book_outcomes",
    "Act",
    "ActRefused",
    "move",
    "discard",
    "hold",
    "unhold",
    "Change",
    "split",
    "merge",
    "repack",
    "losses",
    "change_findings",
    "reverse",
    "fact_of",
    "retold",
    "Trace",
    "Ending",
    "Relative",
    "trace",
]
