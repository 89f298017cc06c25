#include "server/runtime/random.h"

#include <sodium.h>

#include "verifleet/banned.h"

/* randombytes needs no sodium_init(): it reads getrandom() and aborts when there is none. */
void vf_random(void *out, size_t len)
{
	randombytes_buf(out, len);
}

uint32_t vf_random_below(uint32_t limit)
{
	return limit ? randombytes_uniform(limit) : 0;
}

void vf_random_word(char *out, size_t len)
{
	static const char alphabet[] = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

	for (size_t i = 0; i < len; i++)
		out[i] = alphabet[vf_random_below(sizeof alphabet - 1)];
	out[len] = 0;
}
