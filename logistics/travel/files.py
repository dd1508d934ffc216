"""The `travel.csv` that lies beside a plan: every leg it used, so that a judge needs no engine."""

from __future__ import annotations

import csv
import hashlib
import io
from operator import itemgetter
from pathlib import Path

from logistics.model.problem import Travel

COLUMNS = ("from_id", "to_id", "metres", "seconds")


def travel_text(travel: Travel) -> str:
    """Legs as CSV, sorted by origin and destination: the same legs give the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        (*ends, leg.metres, leg.seconds) for ends, leg in sorted(travel.items(), key=itemgetter(0))
    )
    return text.getvalue()


def travel_sha256(travel: Travel) -> str:
    """SHA-256 of the legs' CSV text, in hexadecimal."""
    return hashlib.sha256(travel_text(travel).encode()).hexdigest()


def write_travel(path: Path, travel: Travel) -> str:
    """Write the legs as `travel.csv` and return the file's SHA-256 in hexadecimal."""
    path.write_bytes(travel_text(travel).encode())
    return travel_sha256(travel)
