# A fresh Windows 10 under Debian's wine 8, with stand-ins for three system DLLs that wine 8 lacks and Windows has.
# They are for tests only: nothing here gets into what ships.
export WINEDEBUG="${WINEDEBUG:--all}" WINEARCH=win64 WINEDLLOVERRIDES="mscoree=;mshtml=;mscms=n"
export PATH="/usr/lib/wine:$PATH"

make_prefix() { # make_prefix FOLDER
    export WINEPREFIX=$1 HOME=$1.home # wine shows the home folder as 文档 and 桌面
    rm -rf "$HOME"
    mkdir -p "$HOME"
    [ ! -d "$WINEPREFIX" ] || wineserver64 -k 2>/dev/null || true
    rm -rf "$WINEPREFIX"
    mkdir -p "$WINEPREFIX"
    wine64 wineboot -i </dev/null >/dev/null 2>&1
    wineserver64 -w
    local name
    for name in icuuc mscms bcryptprimitives; do
        x86_64-w64-mingw32-gcc -shared -O1 -s -o "$WINEPREFIX/drive_c/windows/system32/$name.dll" \
            "build_spec/windows/wine/$name.c" -ladvapi32
    done
    xvfb-run -a wine64 winecfg -v win10 </dev/null >/dev/null 2>&1
    wineserver64 -w
}
