#!/bin/sh
# Re-creates the vendored fonts and their licence (SIL Open Font License 1.1) in logistics/reports/fonts.
# Needs npm. The version is fixed, so that a second run changes nothing.
set -eu

PACKAGE="@expo-google-fonts/biz-udpgothic@0.4.2"
FONTS="$(cd "$(dirname "$0")/.." && pwd)/logistics/reports/fonts"
WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT

cd "$WORK"
npm pack --silent "$PACKAGE" >/dev/null
tar -xzf ./*.tgz
mkdir -p "$FONTS"
for style in Regular Bold; do
  file="$(find package -name "BIZUDPGothic_*$style.ttf" | head -n 1)"
  cp "$file" "$FONTS/BIZUDPGothic-$style.ttf"
done
cp package/LICENSE_FONT "$FONTS/OFL.txt"
chmod 644 "$FONTS"/*
ls -l "$FONTS"
