# A fresh Windows 10 under Debian's wine 8, with stand-ins for three system DLLs that wine 8 lacks and Windows has.
# They are for tests only: nothing here gets into what ships.
export WINEDEBUG="${WINEDEBUG:--all}" WINEARCH=win64 WINEDLLOVERRIDES="mscoree=;mshtml=;mscms=n"
export PATH="/usr/lib/wine:$PATH"

# language NAME: what a PC of that country has (code page, formats of dates); zh_CN is code page 936
language() {
    local folder=$PWD/.build/windows/locales
    mkdir -p "$folder"
    [ -d "$folder/$1.UTF-8" ] || localedef -i "$1" -f UTF-8 "$folder/$1.UTF-8" 2>/dev/null || [ -d "$folder/$1.UTF-8" ]
    { export LOCPATH=$folder LC_ALL=$1.UTF-8; } 2>/dev/null # this shell itself need not speak it
}
language zh_CN
export TZ="${TZ:-CST-8}" # China; in this spelling it is understood by Debian and by Windows' C library alike

make_prefix() { # make_prefix FOLDER
    export WINEPREFIX=$1 HOME=$1.home # wine shows the home folder as 文档 and 桌面
    rm -rf "$HOME"
    mkdir -p "$HOME"
    [ ! -d "$WINEPREFIX" ] || wineserver64 -k 2>/dev/null || true
    rm -rf "$WINEPREFIX"
    mkdir -p "$WINEPREFIX" "$HOME/.fonts"
    cp resources/fonts/*.ttf "$HOME/.fonts" # for the words of wine and of window titles; the program brings its own
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
