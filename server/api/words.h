/* Numbers that are stored, and the words that the API has for them. Pure. */
#ifndef VF_SERVER_API_WORDS_H
#define VF_SERVER_API_WORDS_H

#include "server/api/request.h"

const char *vf_word_kind(int number);        /* of a finding; NULL for no such number */
int vf_kind_number(const char *word);        /* 0 for no such word */
const char *vf_word_bugcheck(uint32_t code); /* NULL: in no public list */
json_t *vf_words_scopes(uint32_t mask);      /* the scopes that a token may have */

#endif
