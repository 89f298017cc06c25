#!/bin/sh
# run-unit.sh PROGRAM…: runs each cmocka program with TAP output; fails if one of them fails.
set -u
failed=0
for program in "$@"; do
	if ! CMOCKA_MESSAGE_OUTPUT=TAP "$program" >"$program.tap" 2>&1; then
		failed=$((failed + 1))
		echo "not ok: $program"
		grep -v '^ok' "$program.tap"
	else
		echo "ok: $program ($(grep -c '^ok' "$program.tap"))"
	fi
done
[ "$failed" = 0 ]
