#!/bin/sh
# pg_stop.sh DIR: ends what pg_start.sh DIR started and removes its files.
set -u
dir=${1:?usage: pg_stop.sh DIR}
pid=$(sed -n 1p "$dir/pg/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
	kill -QUIT "$pid" 2>/dev/null
	n=0
	while kill -0 "$pid" 2>/dev/null && [ "$n" -lt 100 ]; do
		n=$((n + 1))
		sleep 0.1
	done
fi
rm -rf "$dir/pg" "$dir/sock" "$dir/initdb.log" "$dir/postgres.log"
rmdir "$dir" 2>/dev/null || true
