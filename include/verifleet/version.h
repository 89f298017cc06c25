/*
 * Versions that leave this machine: the product's own, and those of the formats it speaks.
 * A format version moves when a reader of the previous one would misunderstand the new one;
 * an added optional field does not move it.
 */
#ifndef VERIFLEET_VERSION_H
#define VERIFLEET_VERSION_H

#define VF_VERSION       "0.1.0"
#define VF_WIRE_VERSION  1 /* batch header member "v" (wire.h) */
#define VF_SPOOL_VERSION 1 /* segment header of the agent's spool */
#define VF_FP_VERSION    1 /* fingerprint recipe, stored with every finding */
#define VF_DUMP_DECODER                                                                            \
	1 /* stored beside each decoded dump; raise it to have dumps decoded again */

#endif
