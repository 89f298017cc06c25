#!/usr/bin/env bash
# demo-remove.sh: what `make demo-remove` does: removes everything that the simulated lab made, on a running server or
# a stopped one. Later starts leave it away; `make run DEMO=1` brings it back.
set -eu
cd "$(dirname "$0")/../.."
. server/dist/places.sh

if [ ! -e "$data/pg" ] && [ -z "${VERIFLEET_DATABASE_URL:-}" ]; then
	echo "Nothing to remove: there is no data of Verifleet in $data."
	exit 0
fi
touch "$data/lab.removed"
# A lab that runs would go on sending: it is ended first. Its process has the folder among its arguments.
for process in /proc/[0-9]*; do
	case $({ tr '\0' ' ' <"$process/cmdline"; } 2>/dev/null || true) in
	*"verifleet-agent lab "*" --dir $data/lab "*) kill -TERM "${process#/proc/}" 2>/dev/null && echo "ended the simulated lab" ;;
	esac
done
build/bin/verifleetd demo remove
rm -rf --one-file-system "$data/lab"
