#!/usr/bin/env bash
# The Windows program from a clean checkout on bare Debian 12: `bash build_spec/windows/build.sh` (see build.py for more).
# Needs Debian's archive and PyPI, nothing else. Everything it makes lies in .build/windows.
set -euo pipefail
cd "$(dirname "$0")/../.."

missing=()
need() { command -v "$1" >/dev/null || missing+=("$2"); }
need x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-win32
need makensis nsis
need rsvg-convert librsvg2-bin
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
[ "${1:-}" != --smoke-tools ] || { need xvfb-run xvfb; need xauth xauth; need xdotool xdotool; need import imagemagick; need openbox openbox; need pdftoppm poppler-utils; [ -x /usr/lib/wine/wine64 ] || missing+=(wine wine64); [ -f /usr/share/i18n/locales/zh_CN ] || missing+=(locales); }
if [ ${#missing[@]} -gt 0 ]; then
    root=()
    [ "$(id -u)" = 0 ] || root=(sudo)
    echo "build: installing ${missing[*]}"
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
[ "${1:-}" != --smoke-tools ] || exit 0

# a pip of its own: the one of the checkout's .venv may be of another Python
venv=.build/windows/venv
if [ ! -x $venv/bin/pip ]; then
    python3 -m venv $venv
    $venv/bin/pip install -q --disable-pip-version-check --upgrade 'pip>=26' 'setuptools>=80' 'wheel>=0.45'
fi
# the manual is made by the program itself, of the checkout's own environment
case "${1:-}" in --check | --tree | --lock) ;; *)
    bash .ci/setup
    .venv/bin/python build_spec/manual.py
    ;;
esac
exec $venv/bin/python build_spec/windows/build.py "$@"
