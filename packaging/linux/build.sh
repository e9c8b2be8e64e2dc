#!/usr/bin/env bash
# Build the Linux folder dist/gisapp and an archive of it. Needs `make setup` first.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(.venv/bin/python -c 'import gisapp; print(gisapp.__version__)')
.venv/bin/python packaging/draw_icons.py build/icons
.venv/bin/pyinstaller --noconfirm --log-level WARN \
  --distpath dist --workpath build/pyinstaller packaging/gisapp.spec

share=dist/gisapp/share
install -D -m 644 packaging/linux/id.gisapp.gisapp.desktop -t "$share/applications"
install -D -m 644 packaging/linux/id.gisapp.gisapp.metainfo.xml -t "$share/metainfo"
install -D -m 644 gisapp/ui/icons/gisapp.svg "$share/icons/hicolor/scalable/apps/id.gisapp.gisapp.svg"
for size in 16 24 32 48 64 128 256 512; do
  install -D -m 644 "build/icons/gisapp-$size.png" \
    "$share/icons/hicolor/${size}x$size/apps/id.gisapp.gisapp.png"
done
install -m 755 packaging/linux/install.sh dist/gisapp/install.sh

# Same files, same bytes: order, owner and time of the entries are fixed.
archive=dist/gisapp-$version-linux-$(uname -m).tar.xz
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}" \
  -C dist -cf - gisapp | xz -T0 -2 > "$archive"
du -sh dist/gisapp "$archive"
