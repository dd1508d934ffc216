"""The answer to a public routing instance in a few lines for people."""

from __future__ import annotations

from logistics.model.routing import MUST, RoutingProblem, RoutingScore, RoutingSolution
from logistics.reports.routing_files import cost_text
from logistics.words import listing, say


def routing_summary(
    problem: RoutingProblem,
    solution: RoutingSolution,
    score: RoutingScore,
    bound: int | None,
    language: str = "en",
) -> str:
    """Cost, vehicles, who is left out, how the instance was counted, and what is known of the best.

    `bound` is what the best solution costs at least, in `1 / scale`.
    """
    routes = [[trip for trip in route.trips if trip] for route in solution.routes]
    trips = sum(map(len, routes))
    left = left_out(problem, solution)
    lines = [
        say(
            language,
            "route_head",
            name=problem.name,
            cost=cost_text(problem, solution, score),
            vehicles=_counted(language, sum(map(bool, routes)), "vehicle"),
            trips=_counted(language, trips, "trip"),
            made=len(problem.visits) - len(left),
            visits=len(problem.visits),
            convention=problem.convention,
            rounding=say(language, f"route_rounding_{problem.convention}"),
        )
    ]
    if len(left) > score.missing:
        optional = len(left) - score.missing
        prizes = problem.shown(score.prizes)
        lines.append(say(language, "route_prizes", n=optional, prizes=prizes))
    if score.missing:
        missing = [str(problem.numbers[i]) for i in left if problem.prize[i] == MUST]
        who = listing(language, missing)
        more = say(language, "route_more_time")
        lines.append(say(language, "route_missing", n=len(missing), who=who, more=more))
    else:
        lines.append(_distance_from_best(problem, score, bound, language))
    return "\n".join(lines)


def left_out(problem: RoutingProblem, solution: RoutingSolution) -> list[int]:
    """Visits that are on no route, in order."""
    made = {i for route in solution.routes for trip in route.trips for i in trip}
    return [i for i in problem.visits if i not in made]


def gap(score: RoutingScore, bound: int | None) -> float | None:
    """(cost - bound) / bound: how far the cost may be above the best; `None` where it is unknown."""
    if bound is None or score.missing:
        return None
    if score.cost <= bound:
        return 0.0
    return (score.cost - bound) / bound if bound > 0 else None


def _distance_from_best(
    problem: RoutingProblem, score: RoutingScore, bound: int | None, language: str
) -> str:
    above = gap(score, bound)
    if bound is None or above is None:
        return say(language, "route_no_bound")
    if not above:
        return say(language, "route_proven")
    return say(language, "route_bound", bound=problem.shown(bound), gap=f"{above:.2%}")


def _counted(language: str, n: int, noun: str) -> str:
    return say(language, f"one_{noun}" if n == 1 else f"some_{noun}s", n=n)
