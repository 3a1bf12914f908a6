/* SPDX-License-Identifier: Apache-2.0 */
/*
 * said.h - a fault as the operator sees it: its text, and what goes
 * on with it where no log sees it.
 */
#ifndef SUPPORT_SAID_H
#define SUPPORT_SAID_H

#include "core/fault.h"

#include <stdio.h>

struct said {
    char text[2 * FAULT_TEXT_MAX];
};

static inline struct said said(const struct fault *why)
{
    struct said both;

    snprintf(both.text, sizeof both.text, "%s%s", why->text, why->secret);
    return both;
}

#endif
