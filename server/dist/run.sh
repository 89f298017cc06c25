#!/usr/bin/env bash
# run.sh: what `make run` does. Installs what is missing, builds, starts verifleetd and, unless DEMO=0, a simulated
# lab; Ctrl-C ends all of it, with the data kept for the next time. PORT= is the port (8080), YES=1 asks nothing.
set -eu
cd "$(dirname "$0")/../.."
port=${PORT:-8080}

die() { printf 'verifleet: %s\n' "$*" >&2; exit 1; }

case $port in
*[!0-9]* | '') die "PORT=$port is not a port number." ;;
esac
if [ "$port" -lt 1 ] || [ "$port" -gt 65535 ]; then die "PORT=$port is not a port number (1 to 65535)."; fi

server/dist/setup.sh run
"${MAKE:-make}" --no-print-directory -j"$(nproc)" all

if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
	die "port $port is in use by another program. Choose another one: make run PORT=$((port + 1))"
fi
build/bin/verifleetd serve --help >/dev/null 2>&1 ||
	die "this build of verifleetd cannot serve yet; \`build/bin/verifleet help\` lists what works."
exec build/bin/verifleetd serve --listen "127.0.0.1:$port"
