/* SPDX-License-Identifier: Apache-2.0 */
/* command.h - breachctl: a function a command, and what the commands share. */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include "adapter/ledger_reader.h"
#include "adapter/settings.h"

enum { CTL_DONE = 0, CTL_FAILED = 1, CTL_USAGE = 2 };

/* argv[0] is the command's name. Each returns an exit code, after its reason on stderr. */
int ctl_verify(int argc, char **argv);
int ctl_replay(int argc, char **argv);
int ctl_export(int argc, char **argv);

/* "breachctl: …" on stderr. Returns CTL_FAILED. */
int ctl_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How the command of that name is used, on stderr. Returns CTL_USAGE. */
int ctl_misused(const char *name);

/* Options that every command about a ledger has. */
struct ctl_options {
    const char *settings, *ledger; /* -c FILE, --ledger FILE: NULL when not given */
    const char *out, *by;          /* -o FILE, --by NAME; export's */
    bool json;
};

/* Takes the options off; false for one that is unknown. *out_rest is the first argument's place. */
bool ctl_options(int argc, char **argv, struct ctl_options *out, int *out_rest);

/* What a command reads: the ledger that is named, or else that of breachd.conf. */
struct ctl_source {
    struct reader *reader;
    char signing_key[SETTINGS_PATH_MAX]; /* "": none; a ledger that is only named has none */
};

/* Reads breachd.conf when it is named, or no ledger is; complaints about it go to stderr. */
bool ctl_open(const struct ctl_options *options, struct ctl_source *out, struct fault *why);
void ctl_close(struct ctl_source *source); /* also after false */

#endif
