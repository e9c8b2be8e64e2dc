#!/usr/bin/env sh
# Put gisapp into the menu of this user (or, with a PREFIX such as /usr/local, of everybody).
# Run it from the unpacked folder; `install.sh --remove [PREFIX]` takes it out again.
set -eu
remove=false
if [ "${1:-}" = --remove ]; then remove=true; shift; fi
prefix=${1:-"$HOME/.local"}
here=$(cd "$(dirname "$0")" && pwd)
target=$prefix/lib/gisapp

if $remove; then
  rm -rf "$target"
  rm -f "$prefix/bin/gisapp"
  (cd "$here/share" && find . -type f) | while read -r file; do rm -f "$prefix/share/$file"; done
  exit 0
fi
mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share"
rm -rf "$target"
cp -R "$here" "$target"
ln -sf "$target/gisapp" "$prefix/bin/gisapp"
cp -R "$here/share/." "$prefix/share/"
sed -i "s|^Exec=gisapp|Exec=\"$target/gisapp\"|" "$prefix/share/applications/id.gisapp.gisapp.desktop"
command -v update-desktop-database > /dev/null && update-desktop-database -q "$prefix/share/applications" || true
echo "gisapp is installed in $target"
