#!/bin/sh
# Puts OSRM's own programs (osrm-extract, -contract, -routed and the profiles) where the tests look for
# them: .venv/osrm. They come out of a Python wheel, but need no Python: any 64-bit Linux with glibc 2.28
# runs them. What pip says if that fails stays in .venv/osrm.failed, and the tests are skipped with it.
set -eu

ROOT="$(cd "$(dirname "$0")/.." && pwd)"
PYTHON="${PYTHON:-$ROOT/.venv/bin/python}"
TARGET="$ROOT/.venv/osrm"
FAILED="$ROOT/.venv/osrm.failed"
[ -x "$TARGET/bin/osrm-routed" ] && exit 0
WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT

mkdir -p "$ROOT/.venv"
if ! "$PYTHON" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
  --only-binary :all: --python-version 3.12 --dest "$WORK" \
  -r "$ROOT/requirements/osrm.txt" 2>"$FAILED"; then
  cat "$FAILED" >&2
  exit 1
fi
"$PYTHON" -m zipfile -e "$WORK"/osrm_bindings-*.whl "$WORK/wheel"
chmod +x "$WORK"/wheel/osrm/bin/*
rm -rf "$TARGET" "$FAILED"
mv "$WORK/wheel/osrm" "$TARGET"
"$TARGET/bin/osrm-routed" --version
