/* SPDX-License-Identifier: Apache-2.0 */
/* command.h - breachctl: a function a command, and what the commands share. */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include "adapter/conf/settings.h"
#include "adapter/ledger/ledger_reader.h"

enum { CTL_DONE = 0, CTL_FAILED = 1, CTL_USAGE = 2 };

/* argv[0] is the command's name. Each returns an exit code, after its reason on stderr. */
int ctl_verify(int argc, char **argv);
int ctl_replay(int argc, char **argv);
int ctl_export(int argc, char **argv);
int ctl_watch(int argc, char **argv);
int ctl_open(int argc, char **argv);
int ctl_ack(int argc, char **argv);
int ctl_close(int argc, char **argv);
int ctl_hand(int argc, char **argv);
int ctl_shelve(int argc, char **argv);
int ctl_note(int argc, char **argv);
int ctl_status(int argc, char **argv);
int ctl_explain(int argc, char **argv);
int ctl_report(int argc, char **argv);
int ctl_zones(int argc, char **argv);
int ctl_token(int argc, char **argv);
int ctl_order(int argc, char **argv);
int ctl_diff(int argc, char **argv);
int ctl_reload(int argc, char **argv);
int ctl_devices(int argc, char **argv);
int ctl_snapshot(int argc, char **argv);
int ctl_forget(int argc, char **argv);
int ctl_archive(int argc, char **argv);
int ctl_init(int argc, char **argv);
int ctl_incidents(int argc, char **argv);
int ctl_handover(int argc, char **argv);
int ctl_user(int argc, char **argv);

/* `replay` of a file of pings: what would be told, or what would be told otherwise. */
struct ctl_options;
int ctl_tune(const struct ctl_options *options, const char *pings);

/* "breachctl: …" on stderr. Returns CTL_FAILED; of a value that can never be right, CTL_USAGE. */
int ctl_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));
int ctl_wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How the command of that name is used, on stderr, behind what was wrong. Returns CTL_USAGE. */
int ctl_misused(const char *name);

/*
 * What else a command line must be; each says on stderr what is wrong with it. That nothing stands
 * from argv[from] on; that one argument does, called `what`; that an option was given, called
 * `option`, "--by NAME".
 */
bool ctl_no_more(int argc, char **argv, int from);
bool ctl_one(int argc, char **argv, int from, const char *what);
bool ctl_given(const char *value, const char *option);

/* Whether its usage has that option, "--by" or "-c". */
bool ctl_has_option(const char *name, const char *option);

/* The same on stdout, for who asked for it: ends the program. */
_Noreturn void ctl_help(const char *name);

/* What options say; NULL is not given. Each command has those that its usage names. */
struct ctl_options {
    const char *settings;                       /* -c FILE */
    const char *ledger;                         /* --ledger FILE */
    const char *out;                            /* -o FILE */
    const char *by, *reason, *note;             /* who does it, and why */
    const char *redis, *password_file, *prefix; /* where Redis is: see link.h */
    const char *tls_ca, *tls_certificate, *tls_key;
    const char *area, *severity, *since; /* which alerts */
    const char *from, *to;               /* of a report; `to`: who is handed an incident */
    const char *until;                   /* it is shelved */
    const char *state;                   /* of incidents */
    const char *html, *operators;        /* of a handover: where to, and for how many */
    const char *orders, *against;        /* folders of orders */
    const char *against_conf;            /* another breachd.conf */
    const char *anchor, *anchors;        /* links that were told outside */
    const char *svg;                     /* --svg FILE */
    const char *group, *keep;            /* who may read a snapshot; how many stay */
    const char *before;                  /* what is archived */
    const char *device;                  /* whose pings a file holds that does not say */
    const char *really;                  /* the digest of a step that a reload refused */
    const char *as;                      /* as which user root reads what breachd would */
    bool json, csv, geojson, exercise, tell, quiet;
};

/*
 * Takes the options off; false, and said on stderr, for one that is unknown, or whose value can
 * never be right. *out_rest is the first argument's place. --help and -h: ctl_help.
 */
bool ctl_options(int argc, char **argv, struct ctl_options *out, int *out_rest);

/* -c FILE, or where breachd.conf is installed. */
const char *ctl_settings_path(const struct ctl_options *options);

/* Whether it is the file that is installed, so the service's: `systemctl` is the word for it. */
bool ctl_settings_are_service(const char *path);

/* breachd.conf, every complaint on stderr. The caller wipes its password. */
bool ctl_settings(const struct ctl_options *options, struct settings *out);

/* What a command reads: the ledger that is named, or else that of breachd.conf. */
struct ctl_source {
    struct ledger_reader *reader;
    char ledger[SETTINGS_PATH_MAX];
    char signing_key[SETTINGS_PATH_MAX]; /* "": none; a ledger that is only named has none */
};

/* Reads breachd.conf when it is named, or no ledger is; complaints about it go to stderr. */
bool ctl_source_open(const struct ctl_options *options, struct ctl_source *out, struct fault *why);
void ctl_source_close(struct ctl_source *source); /* also after false */

#endif
