"""Good plans broken on purpose, or facts under them changed: each fault and the codes it must get."""

from tests.judge.mutant import Mutant, broken
from tests.judge.mutants_certificates import CERTIFICATES
from tests.judge.mutants_numbers import LEVELS, NUMBERS
from tests.judge.mutants_people import PEOPLE
from tests.judge.mutants_shares import AMOUNTS, ELIGIBILITY, REFERENCES
from tests.judge.mutants_ways import DRIVING, FLOWS

MUTANTS = [
    *(*REFERENCES, *ELIGIBILITY, *AMOUNTS, *FLOWS, *DRIVING),
    *(*PEOPLE, *NUMBERS, *LEVELS, *CERTIFICATES),
]

__all__ = ["MUTANTS", "Mutant", "broken"]
