/*
 * Calls that nobody may make: each name below turns into one that does not exist, so that a use
 * fails to compile and names its reason. The build includes this header first in every file; the
 * system headers that declare the names are therefore included here.
 */
#ifndef VERIFLEET_BANNED_H
#define VERIFLEET_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define VF_BANNED(call) vf_sorry_##call##_is_banned

#undef strcpy
#define strcpy(d, s) VF_BANNED(strcpy)
#undef strcat
#define strcat(d, s) VF_BANNED(strcat)
#undef strncpy
#define strncpy(d, s, n) VF_BANNED(strncpy)
#undef strncat
#define strncat(d, s, n) VF_BANNED(strncat)
#undef sprintf
#define sprintf(...) VF_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) VF_BANNED(vsprintf)
#undef strtok
#define strtok(s, d) VF_BANNED(strtok)
#undef gets
#define gets(s) VF_BANNED(gets)
#undef atoi
#define atoi(s) VF_BANNED(atoi)
#undef atol
#define atol(s) VF_BANNED(atol)
#undef atoll
#define atoll(s) VF_BANNED(atoll)
#undef atof
#define atof(s) VF_BANNED(atof)
#undef gmtime
#define gmtime(t) VF_BANNED(gmtime)
#undef localtime
#define localtime(t) VF_BANNED(localtime)
#undef ctime
#define ctime(t) VF_BANNED(ctime)
#undef asctime
#define asctime(t) VF_BANNED(asctime)
#undef alloca
#define alloca(n) VF_BANNED(alloca)

#endif
