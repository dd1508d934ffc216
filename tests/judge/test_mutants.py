"""The judge accepts the good week and names every fault that is put into it."""

from __future__ import annotations

import pytest

from logistics.judge import CODES, score, verify
from tests.judge.good_week import good_week
from tests.judge.mutants import MUTANTS, Mutant, broken
from tests.judge.test_replan import FAULTS


def test_the_good_week_is_accepted() -> None:
    assert verify(*good_week()) == []


def test_the_good_week_scores_as_worked_out_by_hand() -> None:
    week = good_week()
    assert score(*week) == week.plan.metrics


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_the_fault_is_named(mutant: Mutant) -> None:
    findings = verify(*broken(mutant))
    texts = [finding.text() for finding in findings]
    assert {finding.code for finding in findings} == mutant.codes, texts
    assert all(finding.is_error and finding.file == "plan.json" for finding in findings)


def test_every_code_has_a_mutant() -> None:
    named = {code for mutant in MUTANTS for code in mutant.codes}
    assert named | {fault.code for fault in FAULTS} == set(CODES)


def test_every_code_says_what_it_means_in_both_languages() -> None:
    for name, code in CODES.items():
        assert code.code == name
        assert code.en.isascii()
        assert code.ja
        assert not code.ja.isascii()


def test_mutants_have_names_of_their_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
