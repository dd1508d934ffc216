"""Every message catalogue says the same things in Japanese and English, with the same blanks."""

import string
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FREE = {"date"}
"""Phrases whose blanks may differ, because the languages write dates in different ways."""


def blanks(phrase: str) -> set[str]:
    """Names of the fields that a phrase fills in."""
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def differences(folder: Path) -> list[str]:
    """What differs between `ja.toml` and `en.toml` of one folder."""
    ja, en = (
        tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
        for language in ("ja", "en")
    )
    place = folder.relative_to(ROOT)
    found = [f"{place}: {key} is missing in one language" for key in sorted(ja.keys() ^ en.keys())]
    for key in sorted(ja.keys() & en.keys()):
        if key not in FREE and blanks(ja[key]) != blanks(en[key]):
            found.append(f"{place}: {key} has other blanks in ja than in en")
        if not ja[key].strip() or not en[key].strip():
            found.append(f"{place}: {key} is empty")
    return found


def main() -> int:
    """Print all differences; 1 if there are any."""
    rooms = (ROOT / room for room in ("logistics", "service", "scenarios"))
    folders = sorted({path.parent for room in rooms for path in room.rglob("ja.toml")})
    found = [line for folder in folders for line in differences(folder)]
    sys.stdout.write("\n".join(found or [f"{len(folders)} message catalogues agree"]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
