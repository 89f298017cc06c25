#!/usr/bin/env bash
# setup.sh run|test: installs the Debian and npm packages that `make run` or `make test` needs and that this
# machine lacks. It says which and how large, asks once on a terminal (never without one, never with YES=1).
# SETUP=0 leaves the machine as it is. The lists are packages-run.txt and packages-test.txt beside this file.
set -eu
cd "$(dirname "$0")/../.."
dist=server/dist
goal=${1:-run}
case $goal in
run) lists=$dist/packages-run.txt ;;
test) lists="$dist/packages-run.txt $dist/packages-test.txt" ;;
*) echo "usage: setup.sh run|test" >&2; exit 2 ;;
esac
[ "${SETUP:-1}" != 0 ] || exit 0

die() { printf 'setup: %s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*"; }

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing_packages() {
	# shellcheck disable=SC2086 # the list of files
	sed 's/#.*//' $lists | while read -r package command; do
		[ -n "$package" ] || continue
		if [ -n "$command" ] && command -v "$command" >/dev/null 2>&1; then continue; fi
		installed "$package" || echo "$package"
	done
}

npm_is_current() { cmp -s web/package-lock.json web/node_modules/.verifleet-lock; }
npm_count() { grep -c '"node_modules/' web/package-lock.json; }

# Everything below runs as root: directly, or through sudo.
as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}
apt() {
	as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}
# What apt would do, by its own words; needs no rights.
simulate() {
	LC_ALL=C apt-get install --assume-no --no-install-recommends -o Debug::NoLocking=1 "$@" 2>&1 || true
}

ask() { # what is about to happen has been printed
	if [ "${YES:-}" = 1 ] || [ ! -t 0 ]; then return 0; fi
	printf 'Install them now? [Y/n] '
	read -r answer || answer=n
	case $answer in
	'' | [Yy] | [Yy][Ee][Ss]) return 0 ;;
	esac
	die "nothing was installed. Run it again when you want to, or install the packages above yourself."
}

install_packages() {
	local log=build/setup-apt.log steps=$1 helpers
	shift
	helpers=$(mktemp -d)
	# While packages are configured: no system cluster on port 5432, no daemon started by a package. Both
	# settings are taken away again, so that the machine treats later installations as it always did.
	cat >"$helpers/prepare" <<-'EOF'
		set -e
		if ! dpkg-query -W -f '${db:Status-Status}' postgresql-15 2>/dev/null | grep -q '^installed$'; then
			mkdir -p /etc/postgresql-common/createcluster.d
			echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/verifleet.conf
		fi
		if [ ! -e /usr/sbin/policy-rc.d ]; then
			printf '#!/bin/sh\n# verifleet set-up: removed when it ends\nexit 101\n' >/usr/sbin/policy-rc.d
			chmod 755 /usr/sbin/policy-rc.d
		fi
	EOF
	cat >"$helpers/restore" <<-'EOF'
		rm -f /etc/postgresql-common/createcluster.d/verifleet.conf
		if grep -qs 'verifleet set-up' /usr/sbin/policy-rc.d; then rm -f /usr/sbin/policy-rc.d; fi
	EOF
	as_root sh "$helpers/prepare"
	# shellcheck disable=SC2064 # the folder's name as it is now
	trap "as_root sh '$helpers/restore'; rm -rf '$helpers'" EXIT
	local prometheus=
	installed prometheus || prometheus=1
	if ! progress "$log" "$steps" apt install -y --no-install-recommends "$@"; then
		say "  once more, after apt-get update"
		apt update >>"$log" 2>&1 || true
		progress "$log" "$steps" apt install -y --no-install-recommends "$@" || {
			tail -n 15 "$log" >&2
			die "apt-get could not install the packages; its own words are above and in $log"
		}
	fi
	# The tests want promtool alone; its package brings a daemon that nobody asked for.
	if [ -n "$prometheus" ] && installed prometheus && command -v systemctl >/dev/null 2>&1; then
		as_root systemctl disable prometheus >/dev/null 2>&1 || true
	fi
	as_root sh "$helpers/restore"
	rm -rf "$helpers"
	trap - EXIT
}

# Runs a command with its output in a log and shows how far it is: the last line all the time on a terminal,
# elsewhere a line for every fifth of the work.
progress() { # log, steps expected (0: unknown), command…
	local log=$1 expected=$2 pid width=72 shown=0 steps percent=
	shift 2
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		sleep 1
		if [ "$expected" -gt 0 ]; then
			steps=$(grep -cE '^(Get:|Unpacking |Setting up )' "$log" || true)
			percent=$((steps * 100 / expected))
			[ "$percent" -le 100 ] || percent=100
		fi
		if [ -t 1 ]; then
			printf '\r  %s%-*.*s' "${percent:+$percent % }" "$width" "$width" "$(tail -n 1 "$log")"
		elif [ -n "$percent" ] && [ "$((percent - shown))" -ge 20 ]; then
			shown=$((percent / 20 * 20))
			say "  $shown %"
		fi
	done
	[ ! -t 1 ] || printf '\r%*s\r' "$((width + 8))" ''
	wait "$pid"
}

ensure_packages() {
	local packages summary new
	if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
		die "this is not a Debian system. Install what $lists name under the names of your system, then run it again with SETUP=0."
	fi
	packages=$(missing_packages | tr '\n' ' ')
	[ -n "$packages" ] || return 0
	if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
		die "these Debian packages are missing and installing them needs root, but there is no sudo here: $packages
Let an administrator run: apt-get install --no-install-recommends $packages"
	fi
	# shellcheck disable=SC2086 # a list of packages
	summary=$(simulate $packages)
	if printf '%s' "$summary" | grep -qE '^E: (Unable to locate|Package .* has no installation candidate)'; then
		say "Fetching Debian's list of packages (apt-get update)"
		apt update >/dev/null 2>&1 || die "apt-get update failed: is the network there? Run it by hand to see why."
		# shellcheck disable=SC2086
		summary=$(simulate $packages)
		if printf '%s' "$summary" | grep -qE '^E: '; then
			printf '%s\n' "$summary" | grep '^E: ' >&2
			die "Debian 12 has all of these packages; this system's package sources do not."
		fi
	fi
	# apt prints a line when it fetches, unpacks and sets up each of them.
	new=$(printf '%s\n' "$summary" | sed -nE 's/^[0-9]+ upgraded, ([0-9]+) newly.*/\1/p')
	say "Missing Debian packages:"
	printf '%s\n' "$packages" | fold -s -w 96 | sed 's/^/  /'
	printf '%s\n' "$summary" | sed -nE 's/^([0-9]+ upgraded, .*|Need to get .*|After this operation.*)$/  \1/p'
	npm_is_current || say "Then $(npm_count) npm packages for the dashboard, into web/node_modules."
	ask
	# shellcheck disable=SC2086
	install_packages "$((3 * ${new:-0}))" $packages
	say "Debian packages: installed"
	asked=1
}

ensure_user() { # started by root, the services run as this user
	[ "$(id -u)" = 0 ] || return 0
	id verifleet >/dev/null 2>&1 ||
		useradd --system --user-group --home-dir /var/lib/verifleet --no-create-home --shell /usr/sbin/nologin verifleet
}

ensure_npm() {
	npm_is_current && return 0
	if [ -z "$asked" ]; then
		say "Missing npm packages: the $(npm_count) of web/package-lock.json, into web/node_modules."
		ask
	fi
	progress build/setup-npm.log 0 "${MAKE:-make}" --no-print-directory web/node_modules/.verifleet-lock || {
		tail -n 15 build/setup-npm.log >&2
		die "npm ci failed; its own words are above and in build/setup-npm.log"
	}
	say "npm packages: installed ($(du -sm web/node_modules | cut -f1) MB)"
}

asked=
mkdir -p build
ensure_packages
ensure_user
ensure_npm
