#!/usr/bin/env bash
# uninstall.sh: what `make uninstall` does: removes the data and the services of Verifleet from this machine, after
# asking (YES=1 does not ask). Debian packages and what was built stay.
set -eu
cd "$(dirname "$0")/../.."

if [ "$(id -u)" = 0 ]; then folders="/var/lib/verifleet /run/verifleet"
else folders="${XDG_DATA_HOME:-$HOME/.local/share}/verifleet"; fi
present=
for folder in $folders; do [ ! -e "$folder" ] || present="$present $folder"; done
if [ -z "$present" ]; then
	echo "Nothing to remove: there is no data of Verifleet on this machine."
	exit 0
fi
for folder in $present; do
	printf '  %s (%s)\n' "$folder" "$(du -sh "$folder" | cut -f1)"
done
if [ "${YES:-}" != 1 ]; then
	[ -t 0 ] || { echo "Not removed: say YES=1 where nobody can be asked." >&2; exit 1; }
	printf 'Remove them, with every finding, build and dump in them? [y/N] '
	read -r answer || answer=n
	case $answer in
	[Yy] | [Yy][Ee][Ss]) ;;
	*) echo "Nothing was removed."; exit 1 ;;
	esac
fi
for folder in $present; do
	rm -rf --one-file-system "$folder"
	echo "removed $folder"
done
