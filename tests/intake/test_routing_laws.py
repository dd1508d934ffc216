"""Laws of reading routing instances: whatever a file says, there are findings and no exception."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logistics.intake import read_routing
from logistics.model.routing import Convention
from tests.intake.routing_files import ALL, write


def _cut(text: str, at: int, length: int, _: str) -> str:
    return text[:at] + text[at + length :]


def _put(text: str, at: int, _: int, junk: str) -> str:
    return text[:at] + junk + text[at:]


def _over(text: str, at: int, length: int, junk: str) -> str:
    return text[:at] + junk + text[at + length :]


def _twice(text: str, at: int, length: int, _: str) -> str:
    return text[: at + length] + text[at:]


EDITS: tuple[Callable[[str, int, int, str], str], ...] = (_cut, _put, _over, _twice)
JUNK = st.sampled_from(
    ["-", "0", "9" * 30, "1e9", "1e-40", "nan", "\n", " ", ":", "_SECTION", "EOF", "\x00", "é", "1/2",
     "TYPE : PCVRPTW\n", "EDGE_WEIGHT_SECTION\n", "-1", "٣", "\r", "\u2028", "1000000000000"]
) | st.text(max_size=4)  # fmt: skip


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(sorted(ALL)),
    st.lists(
        st.tuples(st.sampled_from(EDITS), st.floats(0, 1), st.integers(0, 40), JUNK),
        min_size=1, max_size=4,
    ),
    st.none() | st.sampled_from(Convention),
)  # fmt: skip
def test_nothing_raises_whatever_the_file_says(
    tmp_path: Path, form: str, edits: list[tuple[Callable[..., str], float, int, str]],
    convention: Convention | None,
) -> None:  # fmt: skip
    text = ALL[form]
    for edit, place, length, junk in edits:
        text = edit(text, int(place * len(text)), length, junk)
    path = write(text.encode("utf-8", "surrogatepass"), tmp_path)
    problem, findings = read_routing(path, convention)
    assert (problem is None) == any(finding.is_error for finding in findings)
    for finding in findings:
        finding.text().encode()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=80))
def test_nothing_raises_whatever_the_bytes(tmp_path: Path, content: bytes) -> None:
    problem, findings = read_routing(write(content, tmp_path))
    assert problem is None
    assert findings
