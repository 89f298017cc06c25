#!/usr/bin/env bash
# uninstall.sh: what `make uninstall` does: removes the data and the services of Verifleet from this machine, after
# asking (YES=1 does not ask). Debian packages and what was built stay.
set -eu
cd "$(dirname "$0")/../.."
. server/dist/places.sh

present=()
for folder in "$data" "$rundir"; do
	case " ${present[*]} " in *" $folder "*) continue ;; esac
	[ ! -e "$folder" ] || present+=("$folder")
done
# The settings of the command line that `make run` wrote; those of another server are the user's own.
if grep -qs "$cli_mark" "$cli_config"; then present+=("$cli_config"); fi
# An agent that was enrolled here belongs to the machine's own installation, not to one in a folder of its own.
if [ -z "${VERIFLEET_DATA_DIR:-}" ] && [ -e "$agent_data" ]; then present+=("$agent_data"); fi
# The system user goes with the system's data.
user=
if [ "$data" = /var/lib/verifleet ] && id verifleet >/dev/null 2>&1; then user=verifleet; fi
if [ "${#present[@]}" = 0 ]; then
	echo "Nothing to remove: there is no data of Verifleet in $data."
	exit 0
fi

server=$(cat "$data/verifleetd.lock" 2>/dev/null || true)
case $(cat "/proc/${server:-none}/comm" 2>/dev/null || true) in
verifleetd) echo "A server runs on this data (process $server): it will be ended." ;;
*) server= ;;
esac
for folder in "${present[@]}"; do
	printf '  %s (%s)\n' "$folder" "$(du -sh "$folder" | cut -f1)"
done
[ -z "$user" ] || echo "  system user $user"
if [ "${YES:-}" != 1 ]; then
	[ -t 0 ] || { echo "Not removed: say YES=1 where nobody can be asked." >&2; exit 1; }
	printf 'Remove them, with every finding, build and dump in them? [y/N] '
	read -r answer || answer=n
	case $answer in
	[Yy] | [Yy][Ee][Ss]) ;;
	*) echo "Nothing was removed."; exit 1 ;;
	esac
fi
if [ -n "$server" ]; then
	kill -TERM "$server"
	left=600
	while kill -0 "$server" 2>/dev/null && [ "$left" -gt 0 ]; do
		sleep 0.1
		left=$((left - 1))
	done
	[ "$left" -gt 0 ] || { echo "process $server does not end; nothing was removed." >&2; exit 1; }
	echo "ended process $server"
fi
for folder in "${present[@]}"; do
	rm -rf --one-file-system "$folder"
	echo "removed $folder"
done
if [ -n "$user" ] && userdel "$user" 2>/dev/null; then echo "removed system user $user"; fi
echo "The Debian packages stay, and so does what was built (make clean removes that)."
