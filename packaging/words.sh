#!/usr/bin/env bash
# Bring the Indonesian catalogue up to what the code says, and compile it. New messages are left
# empty in gisapp/locale/id/LC_MESSAGES/gisapp.po: translate them there and run this again.
set -euo pipefail
cd "$(dirname "$0")/.."
template=$(mktemp --suffix .pot)
trap 'rm -f "$template"' EXIT
po=gisapp/locale/id/LC_MESSAGES/gisapp.po
.venv/bin/pybabel --quiet extract --no-default-keywords --keywords "_ N_ ngettext:1,2" \
  --no-location --sort-output --project gisapp --copyright-holder "the gisapp authors" \
  --output "$template" gisapp
if [ -f "$po" ]; then
  .venv/bin/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
    --no-wrap --input-file "$template" --domain gisapp --locale id --output-file "$po"
else
  mkdir -p "$(dirname "$po")"
  .venv/bin/pybabel --quiet init --no-wrap --input-file "$template" --locale id --output-file "$po"
fi
.venv/bin/pybabel --quiet compile --statistics --input-file "$po" --locale id --output-file "${po%.po}.mo"
