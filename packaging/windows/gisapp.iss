; Inno Setup 6: an installer for one user or for all, without administrator rights where possible.
; UNTESTED: written without a Windows machine. Called by build.ps1 with /DVersion=….
#ifndef Version
  #error Call it as: iscc /DVersion=0.1.0 gisapp.iss
#endif

[Setup]
AppId={{6A0C9B0E-6E5B-4C4E-9B7D-3C0A8D5B7F21}
AppName=gisapp
AppVersion={#Version}
AppPublisher=The gisapp authors
LicenseFile=..\..\LICENSE
DefaultDirName={autopf}\gisapp
DefaultGroupName=gisapp
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
SetupIconFile=..\..\build\icons\gisapp.ico
UninstallDisplayIcon={app}\gisapp.exe
OutputDir=..\..\dist
OutputBaseFilename=gisapp-{#Version}-windows-x64
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Files]
Source: "..\..\dist\gisapp\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[InstallDelete]
; Libraries of an earlier version must not be found by this one.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{autoprograms}\gisapp"; Filename: "{app}\gisapp.exe"
Name: "{autodesktop}\gisapp"; Filename: "{app}\gisapp.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.gpkg\OpenWithProgids"; ValueType: string; ValueName: "gisapp.Project"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\gisapp.Project"; ValueType: string; ValueData: "gisapp project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\gisapp.Project\DefaultIcon"; ValueType: string; ValueData: "{app}\gisapp.exe,0"
Root: HKA; Subkey: "Software\Classes\gisapp.Project\shell\open\command"; ValueType: string; ValueData: """{app}\gisapp.exe"" ""%1"""
