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
# hatchling builds the editable install, without fetching anything: so it is locked as well.
echo "hatchling>=1.27" > "$tool/build.in"
"$tool/bin/uv" pip compile "${options[@]}" pyproject.toml "$tool/build.in" -o requirements.txt
"$tool/bin/uv" pip compile "${options[@]}" --extra dev pyproject.toml -c requirements.txt \
  -o requirements-dev.txt
