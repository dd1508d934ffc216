"""Put this checkout and the `osusowake` command into the virtual environment that runs me.

`pip install --editable` would download an unpinned build backend; a path file and a five-line
script do the same from what is already here.
"""

import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

LAUNCHER = """#!{python}
import sys

from service.cli import main

if __name__ == "__main__":  # worker processes import this file, too
    sys.exit(main())
"""


def link() -> None:
    """Write the path file and the launcher."""
    paths = sysconfig.get_paths()
    (Path(paths["purelib"]) / "osusowake.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    launcher = Path(paths["scripts"]) / "osusowake"
    launcher.write_text(LAUNCHER.format(python=Path(paths["scripts"]) / "python"), encoding="utf-8")
    launcher.chmod(0o755)


if __name__ == "__main__":
    link()
