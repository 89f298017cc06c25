#!/bin/sh
# Every header compiles on its own, so that no file depends on the order of its includes.
set -u
cd "$(dirname "$0")/../.." || exit 2
bad=0
pq=$(pg_config --includedir 2>/dev/null || echo /usr/include/postgresql)
for h in $(git ls-files --cached --others --exclude-standard '*.h'); do
	${CC:-cc} -std=gnu11 -D_GNU_SOURCE -Iinclude -I. -I"$pq" -Wall -Wextra -Werror -Wno-unused-function \
		-Wno-unused-const-variable -x c -fsyntax-only "$h" 2>/tmp/vf-headers.$$ ||
		{ echo "$h does not stand alone:"; head -n 5 /tmp/vf-headers.$$; bad=1; }
done
rm -f /tmp/vf-headers.$$
[ "$bad" = 0 ] && echo "ok: headers stand alone"
exit "$bad"
