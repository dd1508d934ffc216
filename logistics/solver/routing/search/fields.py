"""Names of the rows of the tables in `Facts` and `State`.

The compiler passes every array of a named tuple to every function as seven values of its own: some
twenty tables instead of eighty arrays are compiled in a fraction of the time.
"""

from __future__ import annotations

# Facts.node: an entry per node. PARTNER is the other node of a pair, or -1.
OPEN_S, CLOSE_S, SERVICE_S, RELEASE_S, PRIZE, PARTNER, IS_DROP = range(7)

# Facts.kind: an entry per vehicle type. Type k has the slots SLOT_FIRST[k] to SLOT_FIRST[k + 1] - 1.
START, END, START_S, END_S, FIXED, TRIPS_MAX, SLOT_FIRST = range(7)

# State.number: single numbers.
(
    FREE_ROWS,
    NEXT_STAMP,
    TOTAL,
    ABSENT,
    MISSING,
    USED,
    LIMIT,
    ROUND,
    TOUCHED,
    WORK,
    BEST_MISSING,
    BEST_USED,
    BEST_TOTAL,
    BEST_LENGTH,
    BETTER,
    UNITS,
    SWEEP,
) = range(17)

# State.of_kind: an entry per vehicle type: one more than the highest slot in use, slots in use.
TOP, USED_OF = range(2)

# State.slot: an entry per slot; TOUCHED_SLOT and TOUCHED_ROW list what a round has touched,
# LISTED the slots tried for a visit, SEEN the sweep in which a slot was listed last.
ROW_OF, MARK, TYPE_OF, TOUCHED_SLOT, TOUCHED_ROW, SEEN, LISTED = range(7)

# State.row: an entry per row; FREE is a stack of rows that no slot has.
SIZE, STAMP, COST, FREE = range(4)

# State.place: an entry per place, row * width + position.
SEQ, LEGS, DRIVES, LEAVE_S, LATEST_S, CUM_S, TRIP_END = range(7)

# State.unit: an entry per node; ABSENT_LIST, WORK_UNIT and WORK_SLOT are lists.
SLOT_OF, GONE, ABSENT_LIST, ABSENT_AT, ABSENCES, WORK_UNIT, WORK_SLOT = range(7)

# State.scratch: an entry per position of the longest route.
BUFFER, LEAST = range(2)
