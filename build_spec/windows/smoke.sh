#!/usr/bin/env bash
# Try the installer that build.sh made, under wine: `bash build_spec/windows/smoke.sh`. Pictures: .build/windows/shots.
# Installs, makes an office and a record by real keys, prints, exports, backs up, restores, upgrades, removes.
set -euo pipefail
cd "$(dirname "$0")/../.."
bash build_spec/windows/build.sh --smoke-tools
work=$PWD/.build/windows
# shellcheck source=build_spec/windows/wine/prefix.sh
source build_spec/windows/wine/prefix.sh
(language de_DE) # one step is run as elsewhere
make_prefix "$work/wine"
xvfb-run -a -s "-screen 0 1366x768x24" python3 build_spec/windows/smoke.py "$work"
