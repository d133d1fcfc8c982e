#!/usr/bin/env bash
# All of it for a release by one command, from a clean checkout on a bare machine: `bash build_spec/windows/all.sh`.
# Builds, tries the installer, runs the tests without a window by a Windows Python, measures the start.
set -euo pipefail
cd "$(dirname "$0")/../.."
for part in build smoke tests start; do
    printf '\n=== %s\n' "$part"
    bash "build_spec/windows/$part.sh"
done
