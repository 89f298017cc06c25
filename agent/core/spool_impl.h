/* Shared by the files of the spool, for nobody else: what a spool holds in memory. */
#ifndef VF_AGENT_CORE_SPOOL_IMPL_H
#define VF_AGENT_CORE_SPOOL_IMPL_H

#include "agent/core/spool.h"
#include "agent/core/watermark.h"

#define VF_SPOOL_PATH_MAX    1024
#define VF_SPOOL_PENDING_MAX (8u << 20)   /* bytes that wait for a sync, in one lane */
#define VF_SPOOL_SCAN_MAX    (256u << 20) /* larger files in the folder are none of ours */

struct vf_spool_segment {
	uint32_t no;
	uint64_t first, last; /* numbers within; last < first while it is empty */
	uint64_t bytes; /* that are durable, or the whole file when an earlier start wrote it */
	int64_t first_at_us;
	bool gap_only; /* what is left of dropped records */
};

struct vf_spool_lane_stream {
	struct vf_watermark mark;
	uint64_t start, durable;
	bool open;
	struct vf_spool_segment *segments;
	size_t count, room;
};

/* The writing end of a lane: the open stream of this start. */
struct vf_spool_writer {
	struct vf_spool_lane_stream *stream;
	struct vf_buf pending; /* encoded records behind stream->durable */
	int64_t pending_at_us;
	uint64_t next_seq;
	uint32_t next_no;
	struct vf_file *file; /* the last segment of the stream while it is written to */
	bool has_mark;        /* the watermark file exists */
};

struct vf_spool {
	const struct vf_files *files;
	char dir[VF_SPOOL_PATH_MAX];
	uint64_t cap_bytes;
	uint32_t segment_bytes;
	struct vf_spool_lane_stream **streams; /* in draining order */
	size_t count, room;
	struct vf_spool_writer writers[2]; /* critical, bulk */
	const struct vf_random *random;
	struct vf_buf scratch;
	uint64_t *keys; /* sorted, found at opening */
	size_t key_count, key_room;
	uint64_t dropped, refused;
};

struct vf_spool_path {
	char text[VF_SPOOL_PATH_MAX + 64];
};

struct vf_spool_path vf_spool_segment_path(
	const struct vf_spool *s, const struct vf_spool_lane_stream *st, uint32_t no);
struct vf_spool_path vf_spool_mark_path(
	const struct vf_spool *s, const struct vf_spool_lane_stream *st);
VF_MUST struct vf_spool_lane_stream *vf_spool_add_stream(
	struct vf_spool *s, uint64_t start, enum vf_lane lane);
VF_MUST struct vf_spool_segment *vf_spool_add_segment(struct vf_spool_lane_stream *st, uint32_t no);
void vf_spool_drop_stream(struct vf_spool *s, struct vf_spool_lane_stream *st);
/* Removes the segments that are acknowledged, and the stream itself when nothing can follow. */
void vf_spool_tidy(struct vf_spool *s, struct vf_spool_lane_stream *st);
/* Bytes of a segment into s->scratch; a file that is gone reads as empty. */
VF_MUST enum vf_status vf_spool_load(struct vf_spool *s, const struct vf_spool_lane_stream *st,
	const struct vf_spool_segment *seg, struct vf_err *err);
/* spool_open.c: finds what earlier starts left and the number of this start. */
VF_MUST enum vf_status vf_spool_recover(
	struct vf_spool *s, uint64_t *start, struct vf_spool_opening *found, struct vf_err *err);

#endif
