/* SPDX-License-Identifier: Apache-2.0 */
/* order_ask.h - an order by questions on stderr, answered on stdin, each answer checked at once. */
#ifndef CTL_ORDER_ASK_H
#define CTL_ORDER_ASK_H

#include "ctl/ask.h"
#include "ctl/order_place.h"

enum { ORDER_ANSWER_MAX = ASK_MAX };

/* By number of order_keys; "" is none. */
struct order_answers {
    char of[ORDER_KEYS][ORDER_ANSWER_MAX];
};

/* `now` as the answer to `from` or `served` becomes the present instant, to the second. */
void order_ask_now(size_t key, char answer[ORDER_ANSWER_MAX]);

/*
 * Asks for each key that has a question; what is answered already stands in brackets, and an empty
 * answer keeps it. A shape that was given is not asked for again. False: stdin is at its end.
 */
bool order_ask(const struct order_place *place, struct order_answers *answers);

#endif
