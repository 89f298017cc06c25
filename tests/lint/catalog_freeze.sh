#!/bin/sh
# Numbers of the catalogues are stored and sent: no row may change its number or go away, and a new
# row is frozen by the commit that adds it. `catalog_freeze.sh print` writes the list as it is now.
set -u
cd "$(dirname "$0")/../.." || exit 2
frozen=tests/contract/catalog.frozen

rows() { # file, macro, number of columns that make the number
	awk -v file="$1" -v macro="^($2)\\\\(" -v columns="$3" '$0 ~ macro {
		sub(macro, ""); gsub(/[,)]/, " "); split($0, cell, " ")
		line = file " " cell[1]
		for (i = 2; i <= columns + 1; i++) line = line " " cell[i]
		print line
	}' "include/verifleet/catalog/$1.def"
}
all() {
	rows verifier_flags VERIFIER_FLAG 1
	rows bugchecks BUGCHECK 1
	rows bugcheck_c4 C4 1
	rows bugcheck_c9 C9 1
	rows dma_causes DMA_CAUSE 2
	rows dma_misuse DMA_MISUSE 1
	rows rules '(MEMORY_USAGE_)?RULE' 1
	rows finding_kinds FINDING_KIND 1
}

[ "${1:-}" = print ] && { all; exit; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
all | LC_ALL=C sort >"$work/now"
LC_ALL=C sort "$frozen" >"$work/frozen" || exit 2
bad=0
gone=$(LC_ALL=C comm -13 "$work/now" "$work/frozen")
new=$(LC_ALL=C comm -23 "$work/now" "$work/frozen")
twice=$(LC_ALL=C uniq -d "$work/now")
[ -n "$gone" ] && { printf 'catalogue rows that changed their number or went away:\n%s\n' "$gone"; bad=1; }
[ -n "$new" ] && { printf 'rows that %s does not hold yet (add them):\n%s\n' "$frozen" "$new"; bad=1; }
[ -n "$twice" ] && { printf 'rows that stand twice:\n%s\n' "$twice"; bad=1; }
# One number, one symbol: in lists where a number is an identity.
for list in verifier_flags bugchecks dma_misuse rules finding_kinds; do
	same=$(sed -n "s/^$list [^ ]* //p" "$work/now" | sort | uniq -d)
	[ -n "$same" ] && { echo "$list gives these numbers twice: $same"; bad=1; }
done
[ "$bad" = 0 ] && echo "ok: catalogue numbers ($(wc -l <"$frozen") frozen)"
exit "$bad"
