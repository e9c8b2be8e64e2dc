# Build the Windows folder dist\gisapp and, where Inno Setup 6 is installed, an installer.
# Written without a Windows machine at hand: UNTESTED. Run from a Python 3.11 that has the
# requirements: py -3.11 -m venv .venv; .venv\Scripts\pip install --require-hashes -r requirements-dev.txt
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")
$python = ".venv\Scripts\python.exe"
$version = & $python -c "import gisapp; print(gisapp.__version__)"

& $python packaging\draw_icons.py build\icons
if ($LASTEXITCODE) { throw "the icons could not be drawn" }
& .venv\Scripts\pyinstaller.exe --noconfirm --log-level WARN --distpath dist --workpath build\pyinstaller packaging\gisapp.spec
if ($LASTEXITCODE) { throw "PyInstaller failed" }

# A signature keeps SmartScreen quiet; without a certificate the installer still works.
if ($env:GISAPP_SIGN_THUMBPRINT) {
    signtool sign /sha1 $env:GISAPP_SIGN_THUMBPRINT /fd SHA256 /tr http://timestamp.digicert.com /td SHA256 dist\gisapp\gisapp.exe
}
$inno = Get-Command iscc.exe -ErrorAction SilentlyContinue
if ($inno) { & $inno.Source "/DVersion=$version" packaging\windows\gisapp.iss }
else { Write-Warning "Inno Setup was not found: dist\gisapp is complete, there is no installer." }
