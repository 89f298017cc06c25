#!/usr/bin/env bash
# spool_mutants.sh: breaks the spool in one way at a time and shows that its tests notice each of them.
# Every line: a name, a file, and a sed expression that takes one promise out of the code.
set -eu
cd "$(dirname "$0")/../../.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
survivors=0 n=0
mutant() { # name, file, expression
	n=$((n + 1))
	rm -rf "$dir/agent" && mkdir -p "$dir/agent" && cp -r agent/core "$dir/agent/"
	sed -E "$3" "agent/core/$2" >"$dir/agent/core/$2"
	if cmp -s "agent/core/$2" "$dir/agent/core/$2"; then
		echo "not ok $n - $1: the expression changes nothing any more"
		survivors=$((survivors + 1))
		return
	fi
	if ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -Wno-all -g -I"$dir" -Iinclude -I. -include verifleet/banned.h \
		-o "$dir/t" tests/unit/agent/spool_test.c "$dir"/agent/core/{spool,spool_open,spool_read,segment,watermark,crc32c,buf,status}.c \
		-lcmocka && ! sh -c 'timeout 60 "$1" 2>&1' - "$dir/t" >/dev/null 2>&1; then
		echo "ok $n - noticed: $1"
	else
		echo "not ok $n - survived: $1"
		survivors=$((survivors + 1))
	fi
}
mutant 'a record counts without a sync of its file' spool.c 's/st = s->files->sync\(s->files->ctx, w->file, err\)/st = VF_OK/'
mutant 'the name of a new segment is not made durable' spool.c 's/if \(st == VF_OK \&\& fresh\)/if (0)/'
mutant 'the watermark is not synced' watermark.c '/^enum vf_status vf_watermark_move/,$ s/st = files->sync\(files->ctx, f, err\)/st = VF_OK/'
mutant 'both slots of the watermark are one' watermark.c 's/next.turn \& 1 \? SLOT_STEP : 0/0/'
mutant 'a failed write forgets its records' spool.c 's/^\t\tabandon_segment\(s, w\);/\t\tabandon_segment(s, w); vf_buf_reset(\&w->pending);/'
mutant 'records written twice are sent twice' spool_read.c 's/if \(r->last < rd->expected\).*/if (0)/'
mutant 'holes are not reported' spool_read.c 's/if \(r->seq > rd->expected\)/if (0)/'
mutant 'a lost end of a stream is not reported' spool_open.c 's/sc\.tail_lost \? 1 : 0/0/'
mutant 'a write that was cut off is reported as loss' segment.c 's/\.torn = .*/.torn = false,/'
mutant 'damage ends the reading of a segment' segment.c 's/if \(f == WHOLE\)$/if (f == WHOLE \&\& at == start)/'
mutant 'payloads are not checked' segment.c 's/if \(vf_get_le32\(p \+ 12\).*/if (0)/'
mutant 'every start writes the same stream' spool.c 's/s->random->bytes\(s->random->ctx, st->mark.stream, VF_STREAM_ID_LEN\)/st->mark.stream[0] = (uint8_t)lane/'
mutant 'the ceiling takes critical records' spool.c 's/st->mark.lane == VF_LANE_BULK \&\& k < st->count/k < st->count/'
mutant 'dropped records leave no gap' spool.c 's/^\tif \(vf_buf_ok\(\&bytes\)\)/\tif ((rc = s->files->remove(s->files->ctx, vf_spool_segment_path(s, st, seg->no).text, err)) == VF_OK);else if (0)/'
mutant 'acknowledging more than was written is believed' spool.c 's/if \(seq > st->durable\)/if (0)/'
mutant 'the watermark moves after the segments are gone' spool.c 's/rc = vf_watermark_move\(/st->mark.acked = seq; vf_spool_tidy(s, st); rc = vf_watermark_move(/'
echo "1..$n"
[ "$survivors" = 0 ]
