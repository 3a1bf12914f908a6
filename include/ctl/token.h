/* SPDX-License-Identifier: Apache-2.0 */
/* token.h - `breachctl token`: makes a token, prints it once, with its line for the tokens file. */
#ifndef CTL_TOKEN_H
#define CTL_TOKEN_H

#define CTL_TOKEN_USAGE "token NAME --devices A,B | --any | --operator"

/* argv[0] is the command's name. An exit code: 0 done, 1 failed, 2 wrong usage. */
int ctl_token(int argc, char **argv);

#endif
