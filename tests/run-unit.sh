#!/bin/sh
# run-unit.sh PROGRAM…: runs each cmocka program; fails if one of them fails. A line for each program, or with
# TAP=1 everything that they print, a program that crashes being a failed test.
set -u
failed=0
for program in "$@"; do
	CMOCKA_MESSAGE_OUTPUT=TAP "$program" >"$program.tap" 2>&1
	code=$?
	[ "$code" = 0 ] || failed=$((failed + 1))
	if [ "${TAP:-}" = 1 ]; then
		cat "$program.tap"
		if [ "$code" != 0 ] && ! grep -q '^not ok' "$program.tap"; then
			printf '1..1\nnot ok 1 - %s ends with 0\n# it ended with %s\n' "$program" "$code"
		fi
	elif [ "$code" != 0 ]; then
		echo "not ok: $program (exit code $code)"
		grep -v '^ok' "$program.tap"
	else
		echo "ok: $program ($(grep -c '^ok' "$program.tap"))"
	fi
done
[ "$#" -gt 0 ] || [ "${TAP:-}" != 1 ] || echo "1..0 # SKIP there are no unit tests"
[ "$failed" = 0 ]
