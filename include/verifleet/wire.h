/*
 * What an agent says to the server: names, limits and record kinds. The encoder (agent/wire) and
 * the decoder (server/ingest) are written separately from this list and meet in tests/contract.
 *
 * A batch is the body of POST /api/v1/ingest: lines of JSON, the first a header, then one record a
 * line in sequence order. The body may be gzip (Content-Encoding). The server acknowledges the
 * highest sequence number of the stream that is committed, never more.
 *
 * A stream is (agent, start of the agent, lane). Its sequence starts at 1. A record keeps the
 * stream it was written under for ever.
 */
#ifndef VERIFLEET_WIRE_H
#define VERIFLEET_WIRE_H

/* Limits. An encoder keeps below them; a decoder refuses above them and names the member. */
#define VF_WIRE_BODY_MAX    (1u << 20)   /* bytes of a batch as sent */
#define VF_WIRE_PLAIN_MAX   (8u << 20)   /* bytes of a batch after decompression */
#define VF_WIRE_LINE_MAX    (256u << 10) /* bytes of one line without its newline */
#define VF_WIRE_RECORDS_MAX 1000u        /* records in one batch */
#define VF_WIRE_DEPTH_MAX   16u          /* nested arrays and objects in one line */
#define VF_WIRE_STRING_MAX  4096u        /* bytes of one string, UTF-8 */
#define VF_WIRE_NAME_MAX    128u         /* bytes of a name: machine, driver, run, branch */
#define VF_WIRE_STACK_MAX   256u         /* stack words inside a decoded dump */
#define VF_WIRE_DRIVERS_MAX 1024u        /* drivers inside a decoded dump */
#define VF_WIRE_DUMP_MAX    (8u << 20)   /* bytes of a raw dump that is kept */
#define VF_WIRE_DUMP_CHUNK  (1u << 20)   /* bytes of one upload request */
#define VF_WIRE_SKEW_MAX_S  300          /* a signature's time may differ by this much */
#define VF_WIRE_HEARTBEAT_S 15           /* mean; agents add 20 % jitter */

/* Names of the headers of a signed request, and of the text that is signed:
 * method LF path-with-query LF SHA-256 of the body as sent, in hex LF time LF nonce */
#define VF_WIRE_H_AGENT     "X-Verifleet-Agent"
#define VF_WIRE_H_TIME      "X-Verifleet-Time"
#define VF_WIRE_H_NONCE     "X-Verifleet-Nonce"
#define VF_WIRE_H_SIGNATURE "X-Verifleet-Signature"

/* LANE(symbol, number, word). The critical lane is never dropped and is sent first. */
#define VF_WIRE_LANES(LANE)                                                                        \
	LANE(CRITICAL, 1, "critical")                                                              \
	LANE(BULK, 2, "bulk")

/* RECORD(symbol, number, word, lane, meaning). Numbers are stored: never reuse one. */
#define VF_WIRE_RECORDS(RECORD)                                                                    \
	RECORD(BOOT, 1, "boot", CRITICAL, "the machine started; how its previous boot ended")      \
	RECORD(RUN_START, 2, "run_start", CRITICAL, "a test run of a build began")                 \
	RECORD(RUN_END, 3, "run_end", CRITICAL, "a test run came to an end")                       \
	RECORD(BUGCHECK, 4, "bugcheck", CRITICAL, "a bug check, from a dump, an event or both")    \
	RECORD(INCIDENT, 5, "incident", BULK, "trouble of agent or lab, never blamed on a build")  \
	RECORD(GAP, 6, "gap", CRITICAL, "sequence numbers that will never come, and why")

enum vf_lane {
#define VF_X(symbol, number, word) VF_LANE_##symbol = number,
	VF_WIRE_LANES(VF_X)
#undef VF_X
};

enum vf_record_kind {
#define VF_X(symbol, number, word, lane, meaning) VF_RECORD_##symbol = number,
	VF_WIRE_RECORDS(VF_X)
#undef VF_X
};

#endif
