; Per-user installer: no administrator, no network. build.py passes TREE, OUT, VERSION, NUMBERS, SIZE, ICON and SIDE.
; Silent: setup.exe /S [/D=C:\folder]. Exit codes: 0 done, 1 cancelled, 2 the program is in use or cannot be replaced,
; 3 the records could not be backed up first, 4 this Windows is too old.
Unicode true
Target amd64-unicode
!ifdef QUICK
SetCompressor /SOLID zlib
!else
SetCompressor /SOLID lzma
!endif
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh

!define TITLE "环保台账"
!define KEY "Software\EnvDesk"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\EnvDesk"
!define CLASSES "Software\Classes"
!define DATA "$LOCALAPPDATA\EnvDesk"
!define OFFICE "台账.envdesk"
!define NOTE "${DATA}\升级前的备份.txt"

Var Said ; on the last page: where the backups of an upgrade are

Name "${TITLE} ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\EnvDesk"
InstallDirRegKey HKCU "${KEY}" "Folder"
BrandingText "${TITLE} ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails nevershow

VIProductVersion "${NUMBERS}"
VIAddVersionKey /LANG=2052 "ProductName" "环保台账 EnvDesk"
VIAddVersionKey /LANG=2052 "FileDescription" "环保台账安装程序"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "CompanyName" "EnvDesk"
VIAddVersionKey /LANG=2052 "LegalCopyright" "EnvDesk"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_WELCOMEPAGE_TITLE "安装${TITLE}"
!define MUI_WELCOMEPAGE_TEXT "不需要管理员权限，不需要上网。$\r$\n$\r$\n如果已经装过，会先备份台账，再换成这一版；记录和设置都保留。$\r$\n$\r$\n请先关闭正在使用的${TITLE}，再点“下一步”。"
!define MUI_DIRECTORYPAGE_TEXT_TOP "程序装在下面的文件夹里，一般不用改。记录存在另外的地方，卸载程序不会删除记录。"
!define MUI_FINISHPAGE_TEXT "桌面和开始菜单里有“${TITLE}”。$\r$\n$\r$\n$Said"
!define MUI_FINISHPAGE_RUN "$INSTDIR\EnvDesk.exe"
!define MUI_FINISHPAGE_RUN_TEXT "现在打开${TITLE}"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

; ---- is it in use? The launchers hold this mutex as long as they run -------------------------------------------
!macro WaitUntilClosed
    System::Call 'kernel32::OpenMutexW(i 0x100000, i 0, w "Local\EnvDesk") p.r0'
    ${DoWhile} $0 P<> 0
        System::Call 'kernel32::CloseHandle(p r0)'
        MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${TITLE}正在使用。请保存并关闭它，再点“重试”。" /SD IDCANCEL IDRETRY +3
        SetErrorLevel 2
        Quit
        System::Call 'kernel32::OpenMutexW(i 0x100000, i 0, w "Local\EnvDesk") p.r0'
    ${Loop}
!macroend

Function .onInit
    ${IfNot} ${AtLeastWin10}
        MessageBox MB_OK|MB_ICONSTOP "${TITLE}需要 Windows 10 或 Windows 11（64 位）。" /SD IDOK
        SetErrorLevel 4
        Quit
    ${EndIf}
    SetShellVarContext current
    !insertmacro WaitUntilClosed
FunctionEnd

Function un.onInit
    SetShellVarContext current
    !insertmacro WaitUntilClosed
FunctionEnd

; ---- before anything is replaced: the program that is there backs up every data file this account works with ----
Function BackUp
    StrCpy $Said "记录存在 ${DATA}"
    ${IfNot} ${FileExists} "$INSTDIR\envdesk-cmd.exe"
        Return
    ${EndIf}
    DetailPrint "正在备份台账"
    Delete "${NOTE}"
    nsExec::ExecToStack '"$INSTDIR\envdesk-cmd.exe" backup --known --note "${NOTE}"'
    Pop $0
    Pop $1
    ${If} ${FileExists} "${NOTE}"
        StrCpy $Said "升级前已备份台账，备份在哪里写在：$\r$\n${NOTE}"
    ${EndIf}
    ${If} $0 == 0
        Return
    ${EndIf}
    ${If} $0 != 1 ; a program that cannot run, or is too old to know the words: the usual file, as it lies
        ${IfNot} ${FileExists} "${DATA}\${OFFICE}"
            Return
        ${EndIf}
        ${GetTime} "" "L" $1 $2 $3 $4 $5 $6 $7
        CreateDirectory "${DATA}\备份"
        StrCpy $8 "${DATA}\备份\台账-$3$2$1-$5$6$7.envdesk"
        ClearErrors
        CopyFiles /SILENT "${DATA}\${OFFICE}" "$8"
        ${IfNot} ${Errors}
            ${If} ${FileExists} "${DATA}\${OFFICE}-wal"
                CopyFiles /SILENT "${DATA}\${OFFICE}-wal" "$8-wal"
            ${EndIf}
            StrCpy $Said "升级前已备份台账：$\r$\n$8"
            Return
        ${EndIf}
    ${EndIf}
    MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "有台账没有备份成功，可能是正在使用，或磁盘满了；详情见$\r$\n${NOTE}$\r$\n$\r$\n仍要继续安装吗？记录本身不会被改动。" /SD IDNO IDYES +3
    SetErrorLevel 3
    Quit
FunctionEnd

Section "-program"
    Call BackUp
    SetOutPath "$INSTDIR"
    ClearErrors
    RMDir /r "$INSTDIR\runtime"
    RMDir /r "$INSTDIR\lib"
    RMDir /r "$INSTDIR\app"
    ${If} ${FileExists} "$INSTDIR\runtime\python311.dll"
        MessageBox MB_OK|MB_ICONSTOP "旧版本的文件换不掉，可能正在使用或被杀毒软件占用。请重启电脑后再装。" /SD IDOK
        SetErrorLevel 2
        Quit
    ${EndIf}
    File /r "${TREE}/*.*"
    WriteUninstaller "$INSTDIR\uninstall.exe"

    SetOutPath "$DOCUMENTS" ; the folder a program starts in is that of its icon's making
    CreateShortCut "$SMPROGRAMS\${TITLE}.lnk" "$INSTDIR\EnvDesk.exe"
    CreateShortCut "$DESKTOP\${TITLE}.lnk" "$INSTDIR\EnvDesk.exe"

    WriteRegStr HKCU "${KEY}" "Folder" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${TITLE} EnvDesk"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\EnvDesk.exe"
    WriteRegStr HKCU "${UNINSTALL}" "Publisher" "EnvDesk"
    WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${SIZE}
    WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1

    WriteRegStr HKCU "${CLASSES}\.envpack" "" "EnvDesk.Package"
    WriteRegStr HKCU "${CLASSES}\EnvDesk.Package" "" "环保台账上报文件"
    WriteRegStr HKCU "${CLASSES}\EnvDesk.Package\DefaultIcon" "" "$INSTDIR\EnvDesk.exe,0"
    WriteRegStr HKCU "${CLASSES}\EnvDesk.Package\shell\open\command" "" '"$INSTDIR\EnvDesk.exe" "%1"'
    WriteRegStr HKCU "${CLASSES}\.envdesk" "" "EnvDesk.Office"
    WriteRegStr HKCU "${CLASSES}\EnvDesk.Office" "" "环保台账数据文件"
    WriteRegStr HKCU "${CLASSES}\EnvDesk.Office\DefaultIcon" "" "$INSTDIR\EnvDesk.exe,0"
    WriteRegStr HKCU "${CLASSES}\EnvDesk.Office\shell\open\command" "" '"$INSTDIR\EnvDesk.exe" "%1"'
    System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section "Uninstall"
    RMDir /r "$INSTDIR\runtime"
    RMDir /r "$INSTDIR\lib"
    RMDir /r "$INSTDIR\app"
    Delete "$INSTDIR\EnvDesk.exe"
    Delete "$INSTDIR\envdesk-cmd.exe"
    Delete "$INSTDIR\使用手册.pdf"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR" ; only when nothing else is in it
    Delete "$SMPROGRAMS\${TITLE}.lnk"
    Delete "$DESKTOP\${TITLE}.lnk"
    DeleteRegKey HKCU "${UNINSTALL}"
    DeleteRegKey HKCU "${KEY}"
    DeleteRegKey HKCU "${CLASSES}\EnvDesk.Package"
    DeleteRegKey HKCU "${CLASSES}\EnvDesk.Office"
    DeleteRegKey HKCU "${CLASSES}\.envpack"
    DeleteRegKey HKCU "${CLASSES}\.envdesk"
    System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
    ${If} ${FileExists} "${DATA}\*.*"
        MessageBox MB_OK|MB_ICONINFORMATION "程序已删除。记录、附件、备份和设置都留着，在：$\r$\n$\r$\n${DATA}$\r$\n$\r$\n放在别处的数据文件也都没有动。再次安装后接着用；确实不要了，请自行删除这个文件夹。" /SD IDOK
    ${EndIf}
SectionEnd
