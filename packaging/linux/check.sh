#!/usr/bin/env bash
# Does the built folder work, away from this checkout? It starts, opens the demo, reads foreign
# files in its child process and exports; nothing of Python or the checkout is in reach.
set -euo pipefail
built=$(realpath "${1:-$(dirname "$0")/../../dist/gisapp}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -R "$built" "$scratch/moved here"
cd "$scratch"
gisapp() {
  env -i HOME="$scratch" PATH=/usr/bin:/bin LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen \
    "$scratch/moved here/gisapp" "$@"
}
holds() { [ -s "$1" ] && head -c 4096 "$1" | grep -aq -- "$2" || { echo "wrong: $1" >&2; exit 1; }; }

gisapp --version
gisapp demo out > demo.txt
holds out/map.html '<!DOCTYPE html>'
holds out/map.png 'PNG'
holds out/report.pdf '%PDF-'
holds out/conflicts.csv 'subject_kind'
holds out/summary.json '"as_of": "2026-11-01"'
holds out/demo.gpkg 'SQLite format 3'

gisapp export out/demo.gpkg public.html --preset public
holds public.html '<!DOCTYPE html>'
gisapp info out/demo.gpkg --json > info.json
holds info.json 'assessed_households'

gisapp patterns out/demo.gpkg --json > patterns.json
holds patterns.json '"why_no_claim": ""'

printf 'id,lat,lon,activity\nA,-6.33,106.87,Warung Makan\n' > stalls.csv
gisapp new p.gpkg
gisapp import p.gpkg stalls.csv --as businesses --json > import.json
holds import.json '"accepted": 1'
printf 'not a map' > broken.gpkg
if gisapp check broken.gpkg > /dev/null 2>&1; then echo "wrong: a broken file is taken" >&2; exit 1; fi

for start in "first start, which builds the demo" "second start"; do
  begun=$(date +%s%N)
  gisapp --smoke
  echo "window drawn, $start: $((($(date +%s%N) - begun) / 1000000)) ms"
done
echo "the built folder works"
