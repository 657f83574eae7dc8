#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `make coverage` as a line of the soak.
set -u
unset MAKEFLAGS GH_SOAK GH_SOAK_KEPT
echo 1..1
make --no-print-directory BUILD="$GH_BUILD" coverage && echo 'ok 1 - coverage' || echo 'not ok 1 - coverage'
