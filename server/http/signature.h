/*
 * Requests signed by an enrolled agent: ECDSA P-256 with SHA-256 over
 *   METHOD \n path?query as sent \n sha256 of the body as sent, in hex \n time \n nonce
 * with the headers X-Verifleet-Agent, -Time, -Nonce and -Signature. The time must lie within 300 s
 * of ours, and a nonce counts once for an agent: nonces are kept in the database, so that every
 * server on it refuses a replay, also after a restart.
 */
#ifndef VF_SERVER_HTTP_SIGNATURE_H
#define VF_SERVER_HTTP_SIGNATURE_H

#include "server/http/exchange.h"

#define VF_SIGNATURE_WINDOW_S 300

/* Fills req->who and sets `known`; else the answer (401) stands. */
VF_MUST enum vf_status vf_signature_check(struct vf_exchange *, bool *known, struct vf_err *);
/* True when `signature` (DER in base64) over `text` fits the public key (PEM, P-256 only). */
VF_MUST bool vf_signature_fits(const char *public_key, const char *text, const char *signature);

#endif
