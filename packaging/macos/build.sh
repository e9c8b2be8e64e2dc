#!/usr/bin/env bash
# Build gisapp.app and a disk image, sign and notarise them where an identity is given.
# Written without a Mac at hand: UNTESTED. Needs `make setup` and Xcode's command line tools.
#   GISAPP_SIGN_IDENTITY   "Developer ID Application: …" in the keychain
#   GISAPP_NOTARY_PROFILE  made once by `xcrun notarytool store-credentials`
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(.venv/bin/python -c 'import gisapp; print(gisapp.__version__)')
image=dist/gisapp-$version-macos-$(uname -m).dmg

.venv/bin/python packaging/draw_icons.py build/icons
iconset=build/icons/gisapp.iconset
rm -rf "$iconset" && mkdir "$iconset"
for size in 16 32 128 256; do
  cp "build/icons/gisapp-$size.png" "$iconset/icon_${size}x$size.png"
  cp "build/icons/gisapp-$((size * 2)).png" "$iconset/icon_${size}x$size@2x.png"
done
iconutil --convert icns --output build/icons/gisapp.icns "$iconset"

.venv/bin/pyinstaller --noconfirm --log-level WARN \
  --distpath dist --workpath build/pyinstaller packaging/gisapp.spec

if [ -n "${GISAPP_SIGN_IDENTITY:-}" ]; then
  # From the inside out: each library, then the program with what Python and GDAL need.
  find dist/gisapp.app/Contents -type f \( -name '*.dylib' -o -name '*.so' \) -print0 |
    xargs -0 codesign --force --timestamp --options runtime --sign "$GISAPP_SIGN_IDENTITY"
  codesign --force --timestamp --options runtime --entitlements packaging/macos/entitlements.plist \
    --sign "$GISAPP_SIGN_IDENTITY" dist/gisapp.app
  codesign --verify --deep --strict dist/gisapp.app
fi

hdiutil create -volname gisapp -srcfolder dist/gisapp.app -ov -format UDZO "$image"
if [ -n "${GISAPP_NOTARY_PROFILE:-}" ]; then
  xcrun notarytool submit "$image" --keychain-profile "$GISAPP_NOTARY_PROFILE" --wait
  xcrun stapler staple "$image"
fi
