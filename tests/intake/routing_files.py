"""Tiny routing instances of our own, in every form that is read."""

from __future__ import annotations

from pathlib import Path

CVRP = """\
NAME : tiny
COMMENT : four customers on a cross
TYPE : CVRP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 -3 4
4 -1 -1
5 7 0
DEMAND_SECTION
1 0
2 5
3 5
4 4
5 6
DEPOT_SECTION
1
-1
EOF
"""

VRPTW = """\
NAME : tinytw
TYPE : VRPTW
DIMENSION : 4
VEHICLES : 3
CAPACITY : 10
SERVICE_TIME : 2
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 1 1
4 6 8
DEMAND_SECTION
1 0
2 5
3 5
4 4
TIME_WINDOW_SECTION
1 0 100
2 10 20
3 0 50
4 0 60
DEPOT_SECTION
1
-1
EOF
"""

PRIZES = VRPTW.replace("VRPTW", "PCVRPTW").replace(
    "DEPOT_SECTION", "PRIZE_SECTION\n1 0\n2 7\n3 0\n4 2.5\nDEPOT_SECTION"
)

RELOADS = VRPTW.replace("VRPTW", "MTVRPTWR").replace(
    "DEPOT_SECTION",
    "RELEASE_TIME_SECTION\n1 0\n2 0\n3 9\n4 0\n"
    "VEHICLES_RELOAD_DEPOT_SECTION\n1 1\n2 1\n3 1\nDEPOT_SECTION",
    1,
)

EXPLICIT = """\
NAME : listed
TYPE : CVRP
DIMENSION : 3
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : LOWER_ROW
CAPACITY : 9
EDGE_WEIGHT_SECTION
7
8 9
DEMAND_SECTION
1 0
2 4
3 5
DEPOT_SECTION
1
-1
EOF
"""

SOLOMON = """\
tiny

VEHICLE
NUMBER     CAPACITY
  3          10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND    READY TIME  DUE DATE   SERVICE   TIME

    0       0          0          0          0        100          0
    1       3          4          5         10         20          2
    2       1          1          5          0         50          2
    3       6          8          4          0         60          2
"""

LI_LIM = """\
2\t10\t1
0\t0\t0\t0\t0\t100\t0\t0\t0
1\t3\t4\t5\t10\t20\t2\t0\t3
2\t1\t1\t-6\t0\t90\t2\t4\t0
3\t6\t8\t-5\t0\t60\t2\t1\t0
4\t2\t0\t6\t0\t50\t2\t0\t2
"""

ALL = {
    "CVRP": CVRP,
    "VRPTW": VRPTW,
    "PCVRPTW": PRIZES,
    "MTVRPTWR": RELOADS,
    "EXPLICIT": EXPLICIT,
    "Solomon": SOLOMON,
    "Li-Lim": LI_LIM,
}


def write(text: str | bytes, folder: Path, name: str = "tiny.vrp") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def solomon_of(customers: int) -> str:
    """Customers 1 .. n around the depot, in Solomon's form."""
    rows = [f"{i} {i % 7} {i % 5} 1 0 1000 1" for i in range(1, customers + 1)]
    head = "VEHICLE\nNUMBER CAPACITY\n99 1000\nCUSTOMER\nCUST NO.\n0 0 0 0 0 1000 0\n"
    return f"made\n{head}" + "\n".join(rows) + "\n"
