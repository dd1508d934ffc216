"""One tiny week worked out by hand, and a plan for it that breaks no rule.

Places (driving time, metres; the same both ways)
    HUB - FARM 20 min 6,000 · HUB - KITCHEN 15 min 4,000 · KITCHEN - S1 10 min 3,000
    S1 - HUB 10 min 3,000 · HUB - D 15 min 4,500 · HUB - S2 20 min 6,000

Sessions: V1 at S1 on Tuesday 15:00-17:00, V2 at S2 on Thursday 09:00-11:00.

Households, share of one food group at most 3/5
    A  pickup V1     wants 10   4 rice + 3 cans + 3 bento (3 members)          = 10
    B  pickup V1/V2  wants 8    3 rice + 3 greens + 2 bento (2 members)        = 8
    C  pickup V2     wants 6    4 biscuits (share: ceil 3.6) + 1 cracker (all) = 5, short of 1
    D  delivery Tue  wants 4    3 greens + 2 x 1/2 meal of milk                = 4, weight 2
    E  wants nothing and never did: left out · F wants nothing now, had 2 of 4 last week

Levels: D 4/4/2 = 1/2, F (2+0)/(4+0) = 1/2, C 5/6, A 10/10 = 1, B (8+8)/(8+8) = 1 (last week's 10
count as the 8 it wanted; the week of January is older than 8 weeks).

Fills 1, 1, 5/6, 1: mean 23/24 = 0.958333; gini: sorted 5/6, 1, 1, 1 the sum of (2i - 3) f_i is
-2.5 - 1 + 1 + 3 = 0.5, over 4 x 23/6: 3/92 = 0.032609.

Leftover: rice 20-7 = 13 keep (2 of them held), cans 12-3 = 9 keep, milk 8-2 = 6 expire (use by
Sunday; Monday with one day of margin is too late) = 6 kg waste, greens 12-6 = 6 and bento 10-5 = 5
declined at the donors, biscuits 10-4 = 6 keep.

Trips: Tue 09:00-09:55 greens from the farm, 12,000 m; Tue 11:30-12:30 hub, kitchen, S1, 10,000 m;
Tue 12:40-13:25 door of D, 9,000 m; Wed 09:00-09:55 cracker to S2, 12,000 m (on Thursday the shift
starts 08:30: 10 min loading + 20 min + 5 min unloading = 09:05 is after the opening).
Sum 43,000 m and 3,300 + 3,600 + 2,700 + 3,300 = 12,900 s.
"""

from __future__ import annotations

from typing import NamedTuple

from logistics.model.plan import Plan
from logistics.model.problem import Travel, WeekProblem
from tests.judge.good_facts import good_problem, good_travel
from tests.judge.good_plan import good_plan


class Week(NamedTuple):
    """What the judge is given."""

    problem: WeekProblem
    travel: Travel
    plan: Plan


def good_week() -> Week:
    """The week of this module's docstring."""
    return Week(good_problem(), good_travel(), good_plan())
