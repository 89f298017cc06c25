#!/bin/sh
# Who may include whom. Each line: a folder, then the folders whose headers its files may include
# (its own is always allowed) and, after a bar, the guarded system headers that it may see.
# shellcheck disable=SC2013,SC2044 # names of headers and of our own files have no spaces
set -u
cd "$(dirname "$0")/../.." || exit 2
bad=0
check() { # folder, allowed folders, allowed guarded headers
	folder=$1 allowed=$2 system=$3
	[ -d "$folder" ] || return 0
	for file in $(find "$folder" -maxdepth 1 -name '*.[ch]'); do
		for inc in $(sed -nE 's/^[ \t]*#[ \t]*include[ \t]+"([^"]+)".*/\1/p' "$file"); do
			dir=$(dirname "$inc") ok=
			case $inc in
			verifleet/catalog/*.def) dir=include/verifleet/catalog ;;
			verifleet/*) dir=include/verifleet ;;
			esac
			case $dir in
			"$folder" | include/verifleet | include/verifleet/catalog) ok=1 ;;
			.) echo "$file: name \"$inc\" from the root (\"$folder/$inc\")"; bad=1; continue ;;
			esac
			for a in $allowed; do [ "$a" = "$dir" ] && ok=1; done
			[ -n "$ok" ] || { echo "$file: $folder must not include $dir ($inc)"; bad=1; }
		done
		for inc in $(sed -nE 's/^[ \t]*#[ \t]*include[ \t]+<([^>]+)>.*/\1/p' "$file"); do
			case $inc in
			libpq-fe.h | microhttpd.h | jansson.h | sodium.h | gnutls/* | curl/* | zlib.h | unistd.h | sys/* | pthread.h | netinet/* | arpa/*)
				ok=
				for s in $system; do case $inc in "$s" | "$s"/*) ok=1 ;; esac; done
				[ -n "$ok" ] || { echo "$file: $folder must not see <$inc>"; bad=1; } ;;
			esac
		done
	done
}
posix='unistd.h sys pthread.h netinet arpa'
check include/verifleet '' ''
check agent/core '' 'jansson.h'
check agent/dump 'agent/core' ''
check agent/wire 'agent/core agent/dump' 'jansson.h zlib.h'
check agent/posix 'agent/core agent/dump' "$posix curl gnutls zlib.h"
check agent/sim 'agent/core agent/dump agent/wire agent/posix' "$posix jansson.h"
check agent/service 'agent/core agent/dump agent/wire agent/posix agent/sim' "$posix jansson.h"
check agent/cli 'agent/core agent/dump agent/wire agent/posix agent/sim' "$posix jansson.h"
check server/runtime '' "$posix sodium.h"
check server/domain 'server/runtime' ''
check server/store 'server/runtime server/domain' "$posix libpq-fe.h jansson.h sodium.h"
check server/cluster 'server/runtime' "$posix"
check server/ingest 'server/runtime server/domain server/store' 'jansson.h zlib.h'
check server/api 'server/runtime server/domain server/store server/ingest' "jansson.h sodium.h $posix"
check server/http 'server/runtime server/domain server/store server/api' "$posix microhttpd.h jansson.h gnutls zlib.h sodium.h"
check server/admin 'server/runtime server/domain server/store server/cluster' "$posix sodium.h jansson.h"
check server 'server/runtime server/domain server/store server/ingest server/api server/http server/admin server/cluster' "$posix"
[ "$bad" = 0 ] && echo "ok: include directions"
exit "$bad"
