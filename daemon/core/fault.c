/* SPDX-License-Identifier: Apache-2.0 */
#include "core/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool fault_set(struct fault *why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    why->secret[0] = '\0';
    return false;
}

bool fault_add_secret(struct fault *why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why->secret, sizeof why->secret, format, args);
    va_end(args);
    return false;
}

bool fault_is_memory(const struct fault *why)
{
    return strcmp(why->text, FAULT_MEMORY) == 0;
}
