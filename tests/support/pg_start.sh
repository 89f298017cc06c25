#!/bin/sh
# pg_start.sh [--again] DIR: makes (or, again, finds) and starts a throw-away PostgreSQL 15 below DIR, reached
# by unix socket only, and prints its connection string. Root runs it as user nobody, which PostgreSQL insists on.
# pg_stop.sh DIR ends it and removes its files. DIR should be short: a socket path has 107 bytes.
set -eu
again=
[ "${1:-}" != --again ] || { again=1; shift; }
dir=${1:?usage: pg_start.sh [--again] DIR}
bin=${PG_BIN_DIR:-/usr/lib/postgresql/15/bin}
[ -x "$bin/initdb" ] || bin=$(pg_config --bindir)
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
[ -n "$again" ] || mkdir -m 0700 "$dir/pg" "$dir/sock"
run=
user=$(id -un)
if [ "$(id -u)" = 0 ]; then
	user=nobody
	chmod o+x "$dir"
	chown "$user" "$dir/pg"
	chown "$user" "$dir/sock"
	chmod 0711 "$dir/sock"
	run="setpriv --reuid=$user --regid=nogroup --clear-groups"
fi
# shellcheck disable=SC2086
[ -n "$again" ] || $run "$bin/initdb" -D "$dir/pg" -U postgres -E UTF8 --locale=C.UTF-8 --data-checksums \
	--auth=trust --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
# shellcheck disable=SC2086
$run setsid "$bin/postgres" -D "$dir/pg" -c listen_addresses= -c "unix_socket_directories=$dir/sock" \
	-c unix_socket_permissions=0777 -c fsync=off -c max_connections=60 -c shared_buffers=32MB \
	>"$dir/postgres.log" 2>&1 </dev/null &
n=0
until "$bin/pg_isready" -q -h "$dir/sock" -U postgres; do
	n=$((n + 1))
	[ "$n" -lt 300 ] || { cat "$dir/postgres.log" >&2; exit 1; }
	sleep 0.1
done
echo "host=$dir/sock user=postgres dbname=postgres"
