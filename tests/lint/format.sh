#!/bin/sh
# clang-format has nothing to change. `tests/lint/format.sh fix` changes it.
set -u
cd "$(dirname "$0")/../.." || exit 2
case ${1:-} in
fix) mode='-i' ;;
*) mode='--dry-run --Werror --ferror-limit=3' ;;
esac
# shellcheck disable=SC2086
git ls-files --cached --others --exclude-standard '*.c' '*.h' | xargs -r -n 16 -P "$(nproc)" clang-format $mode &&
	echo "ok: C sources are formatted"
