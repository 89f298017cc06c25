#!/bin/sh
# Every header compiles on its own, so that no file depends on the order of its includes.
set -u
cd "$(dirname "$0")/../.." || exit 2
pq=$(pg_config --includedir 2>/dev/null || echo /usr/include/postgresql)
git ls-files --cached --others --exclude-standard '*.h' |
	xargs -r -n 8 -P "$(nproc)" "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -Iinclude -I. -I"$pq" -Wall -Wextra -Werror \
		-Wno-unused-function -Wno-unused-const-variable -x c -fsyntax-only || exit 1
echo "ok: headers stand alone"
