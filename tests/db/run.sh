#!/bin/sh
# run.sh PROGRAM…: starts a throw-away PostgreSQL, runs tests/db/*.sql (pgTAP) on a database with
# every migration, then each program on an empty one (VF_TEST_CONNINFO). Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
dir=$(mktemp -d /tmp/vf-db.XXXXXX) || exit 2
trap 'tests/support/pg_stop.sh "$dir"' EXIT
trap 'exit 130' INT TERM
tests/support/pg_start.sh "$dir" >/dev/null || exit 2
failed=0
n=0
PGHOST=$dir/sock PGUSER=postgres PGOPTIONS='-c client_min_messages=warning'
export PGHOST PGUSER PGOPTIONS

fresh() { # a database of its own
	n=$((n + 1))
	createdb "t$n" && PGDATABASE=t$n && export PGDATABASE
}

bad() { # what, exit code
	failed=$((failed + 1))
	printf '1..1\nnot ok 1 - %s ends with 0\n# it ended with %s\n' "$1" "$2"
}

fresh || exit 2
psql -qXc 'create table schema_migration (version int)' >/dev/null
for file in migrations/[0-9]*.sql; do
	psql -qX1 -v ON_ERROR_STOP=1 -f "$file" >/dev/null || bad "$file" $?
done
psql -qXc 'create extension pgtap' || bad pgtap $?
for file in tests/db/*.sql; do
	[ -e "$file" ] || continue
	out=$(psql -qXAt -v ON_ERROR_STOP=1 -f "$file" 2>&1)
	code=$?
	printf '%s\n' "$out"
	case $out in
	*'not ok '*) failed=$((failed + 1)) ;;
	*) [ "$code" = 0 ] || bad "$file" "$code" ;;
	esac
done
for program in "$@"; do
	fresh || exit 2
	out=$(CMOCKA_MESSAGE_OUTPUT=TAP VF_TEST_CONNINFO="host=$PGHOST user=postgres dbname=$PGDATABASE" "$program" 2>&1)
	code=$?
	printf '%s\n' "$out"
	case $out in
	*'not ok '*) failed=$((failed + 1)) ;;
	*) [ "$code" = 0 ] || bad "$program" "$code" ;;
	esac
done
[ "$failed" = 0 ]
