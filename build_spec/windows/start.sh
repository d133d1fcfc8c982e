#!/usr/bin/env bash
# Start and memory of the built program against a bare PySide6 window in the same form of delivery, under wine:
# `bash build_spec/windows/start.sh [--runs N]`, after build.sh (the folder is enough: build.sh --tree).
set -euo pipefail
cd "$(dirname "$0")/../.."
bash build_spec/windows/build.sh --smoke-tools
work=$PWD/.build/windows
# shellcheck source=build_spec/windows/wine/prefix.sh
source build_spec/windows/wine/prefix.sh
make_prefix "$work/wine-start"
xvfb-run -a -s "-screen 0 1366x768x24" "$work/venv/bin/python" build_spec/windows/start.py "$work" "$@"
