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
	end "$lab" 20
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
	setsid sed -u -n -e "/^t=/{w $logs/verifleetd.log" -e 'd}' -e '/: ready at /d' -e 's/^verifleetd: /  /' \
		-e 's/^user admin has the one-time password \([^ ]*\).*/\n  Sign in as admin with the one-time password  \1\n  (shown only now; a new one is asked for at the first sign-in)/' -e '/^when it is lost:/d' -e p <"$logs/pipe" &
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

admin() { build/bin/verifleetd "$@" </dev/null; }

# The simulated lab: its project is made and its tokens are written once, so that a later start goes on with it.
start_lab() {
	local home=$data/lab tokens=$data/lab/tokens program=build/bin/verifleet-agent enroll api
	local -a become=()
	if [ "${DEMO:-1}" = 0 ]; then return 0; fi
	if [ -e "$data/lab.removed" ]; then
		if [ -z "${DEMO:-}" ]; then return 0; fi
		rm -f "$data/lab.removed"
	fi
	if [ ! -s "$tokens" ]; then
		admin demo create >/dev/null
		enroll=$(admin enroll-token create --project demo --uses 64 --expires 24h --networks 127.0.0.0/8,::1/128 --note "simulated lab")
		api=$(admin token create "simulated lab" --scopes import --project demo --expires never)
		mkdir -p "$home"
		(umask 077 && printf '%s\n%s\n' "$enroll" "$api" >"$tokens")
	fi
	{ read -r enroll; read -r api; } <"$tokens"
	if [ "$(id -u)" = 0 ]; then
		# The checkout may lie where user verifleet cannot look.
		install -m 755 "$program" "$home/verifleet-agent"
		program=$home/verifleet-agent
		chown -R verifleet: "$home"
		become=(setpriv --reuid=verifleet --regid=verifleet --clear-groups)
	fi
	# In ${become[@]} nothing stands when the services run as the user who starts them.
	HOME=$home setsid "${become[@]}" "$program" lab --server "$url" --token "$enroll" --api-token "$api" \
		--project demo --dir "$home" >"$logs/lab.log" 2>&1 </dev/null &
	lab=$!
}

# So that `verifleet import …` works at once: the address and a token of this server, unless the settings that are
# there belong to another server.
write_cli_config() {
	local token
	if [ -e "$cli_config" ] && ! grep -q "$cli_mark" "$cli_config"; then return 0; fi
	if [ -e "$cli_config" ] && grep -qx "# data $data" "$cli_config"; then
		sed -i "s|^server *=.*|server = $url|" "$cli_config"
		if build/bin/verifleet status >/dev/null 2>&1; then return 0; fi
	fi
	token=$(admin token create "command line of $(id -un)" --scopes read,import,operate,dumps --expires never)
	mkdir -p "$(dirname "$cli_config")"
	(
		umask 077
		printf '%s\n# data %s\nserver = %s\ntoken = %s\n' "$cli_mark" "$data" "$url" "$token" >"$cli_config"
	)
}

what_next() {
	say ""
	say "Verifleet runs at $url"
	say ""
	say "  sign in    as admin, with your password (a lost one: build/bin/verifleetd user reset admin)"
	say "  import     build/bin/verifleet import dump FILE.dmp"
	[ -z "$lab" ] || say "  lab        6 simulated machines are testing in project demo; make demo-remove takes them away"
	say "  stop       Ctrl-C; the data stays in $data"
	say ""
}

check_port
server/dist/setup.sh run
build
check_port
trap stopped_by_hand INT TERM HUP
trap stop_all EXIT
say "Starting"
start_server
start_lab
write_cli_config
what_next

# Until something ends by itself, which nothing should.
while alive "$server"; do
	wait -n "$server" ${lab:+"$lab"} || true
	if [ -n "$lab" ] && ! alive "$lab" && alive "$server"; then
		[ -e "$data/lab.removed" ] || say "  the simulated lab has ended by itself: $(tail -n 1 "$logs/lab.log")" >&2
		lab=
	fi
done
say "verifleetd has ended by itself; the last lines of $logs/verifleetd.log:" >&2
tail -n 10 "$logs/verifleetd.log" >&2
exit 1
