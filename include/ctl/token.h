/* SPDX-License-Identifier: Apache-2.0 */
/* token.h - a list of devices, as the command line and the tokens file have it. */
#ifndef CTL_TOKEN_H
#define CTL_TOKEN_H

#include <stdbool.h>

/* "tag-1,tag-2": ids parted by commas alone, none of them a word of the tokens file. */
bool token_devices_valid(const char *text);

#endif
