#!/usr/bin/env bash
# Lock every dependency by version and hash; no address of a registry is written.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
python3 -m venv "$tool"
"$tool/bin/pip" install --quiet uv
options=(--quiet --universal --python-version 3.11 --generate-hashes
         --no-emit-index-url --no-emit-find-links --no-annotate --no-header "$@")
# These build the editable install, without fetching anything: so they are locked as well.
printf "hatchling>=1.27\neditables>=0.5\n" > "$tool/build.in"
"$tool/bin/uv" pip compile "${options[@]}" pyproject.toml "$tool/build.in" -o requirements.txt
"$tool/bin/uv" pip compile "${options[@]}" --extra dev pyproject.toml -c requirements.txt \
  -o requirements-dev.txt
