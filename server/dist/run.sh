#!/usr/bin/env bash
# run.sh: what `make run` does. Installs what is missing, builds, starts verifleetd and, unless DEMO=0, a simulated
# lab; Ctrl-C ends all of it, with the data kept for the next time. PORT= is the port (8080), YES=1 asks nothing.
set -eu
cd "$(dirname "$0")/../.."
port=${PORT:-8080}
logs=build/run
server='' lab='' show=''
. server/dist/places.sh

die() { printf 'verifleet: %s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*"; }

case $port in
*[!0-9]* | '') die "PORT=$port is not a port number." ;;
esac
if [ "$port" -lt 1 ] || [ "$port" -gt 65535 ]; then die "PORT=$port is not a port number (1 to 65535)."; fi
url=http://localhost:$port

# First line of the answer to GET $1, or nothing.
get() {
	(
		exec 3<>"/dev/tcp/127.0.0.1/$port"
		printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$1" >&3
		timeout 5 head -n 1 <&3
	) 2>/dev/null || true
}

check_port() {
	if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return 0; fi
	case $(get /healthz) in
	*200*) die "something answers at $url already, perhaps an earlier \`make run\`: end it there, or choose another port: make run PORT=$((port + 1))" ;;
	*) die "port $port is in use by another program. Choose another one: make run PORT=$((port + 1))" ;;
	esac
}

alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

# Ends one of our processes and waits for it: asks, and insists after $2 seconds.
end() {
	local pid=$1 left=$(($2 * 10))
	alive "$pid" || return 0
	kill -TERM "$pid" 2>/dev/null || true
	while alive "$pid" && [ "$left" -gt 0 ]; do
		sleep 0.1
		left=$((left - 1))
	done
	if alive "$pid"; then kill -KILL "$pid" 2>/dev/null || true; fi
	wait "$pid" 2>/dev/null || true
}

stop_all() {
	trap '' INT TERM HUP
	end "$lab" 15
	end "$server" 60
	end "$show" 5
	server='' lab='' show=''
}

# shellcheck disable=SC2317 # called by the trap
stopped_by_hand() {
	printf '\n'
	say "Stopping the server and everything that was started with it…"
	stop_all
	say "Stopped. The data stays in $data; \`make run\` goes on with it."
	exit 0
}

build() {
	say "Building"
	"${MAKE:-make}" --no-print-directory -j"$(nproc)" all ||
		die "the build failed; the first error is above."
}

# The server's own words go to the terminal, its record of requests to a file. It runs in a session of its own: a
# Ctrl-C reaches this script, which then stops things in their order.
start_server() {
	local left=600
	mkdir -p "$logs"
	: >"$logs/verifleetd.log"
	rm -f "$logs/pipe"
	mkfifo "$logs/pipe"
	setsid sed -u -n -e "/^t=/{w $logs/verifleetd.log" -e 'd}' -e '/: ready at /d' -e 's/^verifleetd: /  /' -e p <"$logs/pipe" &
	show=$!
	setsid build/bin/verifleetd serve --port "$port" >"$logs/pipe" 2>&1 </dev/null &
	server=$!
	while [ "$left" -gt 0 ]; do
		case $(get /readyz) in *200*) rm -f "$logs/pipe"; return 0 ;; esac
		if ! alive "$server"; then
			end "$show" 1
			die "the server did not start; the reason is above."
		fi
		sleep 0.1
		left=$((left - 1))
	done
	stop_all
	die "the server was not ready within a minute; its log is $logs/verifleetd.log"
}

check_port
server/dist/setup.sh run
build
check_port
trap stopped_by_hand INT TERM HUP
trap stop_all EXIT
say "Starting"
start_server
say ""
say "Verifleet runs at $url"
say "Ctrl-C ends it."

# Until something ends by itself, which nothing should.
wait -n "$server" || true
say "verifleetd has ended by itself; the last lines of $logs/verifleetd.log:" >&2
tail -n 10 "$logs/verifleetd.log" >&2
exit 1
