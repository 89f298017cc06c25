#!/bin/sh
# Every shell script passes shellcheck.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck disable=SC2046 # our own file names have no spaces
shellcheck -x $(git ls-files --cached --others --exclude-standard '*.sh' .ci/run) && echo "ok: shell scripts"
