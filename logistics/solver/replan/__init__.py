"""A week under way planned anew: what is driven stays, the rest changes as little as can be.

`past` replays what has been driven by now, `remainder` is what is left of the week as a week of its own,
`keep` says who gets what in it, `reroute` how a day is driven, `merge` puts both together again.
"""

from logistics.solver.replan.past import Clash
from logistics.solver.replan.replan import Replanned, replan

__all__ = ["replan", "Replanned", "Clash"]
