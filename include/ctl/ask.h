/* SPDX-License-Identifier: Apache-2.0 */
/* ask.h - questions on stderr, answered on stdin. */
#ifndef CTL_ASK_H
#define CTL_ASK_H

#include <stdbool.h>

enum { ASK_MAX = 4096 }; /* bytes of an answer, with its end */

/*
 * `QUESTION [BEFORE]: `, and the next line without the blanks around it; an empty one is `before`
 * ("": nothing). False at the end of stdin, *out is untouched then.
 */
bool ask_text(const char *question, const char *before, char out[ASK_MAX]);

/* False for no, and at the end of stdin. */
bool ask_whether(const char *question);

#endif
