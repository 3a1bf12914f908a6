/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - breachctl: finds the command and runs it. */
#include "adapter/log.h"
#include "adapter/print.h"
#include "adapter/undumpable.h"
#include "ctl/command.h"
#include "ctl/order_keys.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *usage, *about;
} commands[] = {
    { "watch", ctl_watch,
      "[REDIS] [--area AREA] [--severity LEAST] [--since TIME|DURATION|ID] [--quiet] [--json]",
      "shows alerts as they come, from where it stopped; loud when breachd is not heard of" },
    { "open", ctl_open, "[REDIS] [--area AREA] [--json]",
      "what needs somebody: what nobody has taken first, then the worst" },
    { "ack", ctl_ack, "[REDIS] --by NAME [--reason REASON] [--note TEXT] INCIDENT",
      "takes an incident: it is seen, and somebody acts" },
    { "close", ctl_close, "[REDIS] --by NAME --reason REASON [--note TEXT] INCIDENT",
      "closes an incident, with what came of it" },
    { "hand", ctl_hand, "[REDIS] --by NAME --to NAME [--note TEXT] INCIDENT",
      "gives an incident that somebody has to somebody else" },
    { "shelve", ctl_shelve, "[REDIS] --by NAME --until TIME|DURATION [--note TEXT] INCIDENT",
      "keeps an incident that somebody has seen quiet for a while, 8 hours at most" },
    { "note", ctl_note, "[REDIS] --by NAME --note TEXT INCIDENT",
      "notes something of an incident: it stands beside who has it" },
    { "status", ctl_status, "[REDIS] [--json]", "whether breachd watches, by its heartbeat" },
    { "reload", ctl_reload, "[-c FILE | --ledger FILE] [--really DIGEST] [--json]",
      "has breachd read settings and orders anew, and waits for what comes of it" },
    { "devices", ctl_devices, "[-c FILE | --ledger FILE] [--json] [ID ...]",
      "when devices were last heard, and which are silent: the worst off first" },
    { "incidents", ctl_incidents,
      "[-c FILE | --ledger FILE] [--state STATE] [--since TIME|DURATION] [--area AREA] [--json]",
      "what happened: who had it, what came of it; STATE is open, ended, taken, untaken, shelved "
      "or "
      "closed" },
    { "handover", ctl_handover,
      "[-c FILE | --ledger FILE] --since TIME|DURATION [--area AREA] [--operators N] [--html FILE] "
      "[--json]",
      "one page for the next desk: what goes on, what ended, what is silent, how busy it was" },
    { "explain", ctl_explain,
      "[-c FILE | --ledger FILE] --reason WHY [--by NAME] [--svg FILE] [--json] INCIDENT",
      "why an incident was told: rules, numbers, each ping with its probability; a drawing" },
    { "report", ctl_report,
      "--from DATE --to DATE [-c FILE] [--orders DIR] [--ledger FILE] [--exercise] [--json | "
      "--csv] [ARCHIVE ...]",
      "orders and breaches of a period: by town, kind, outcome" },
    { "zones", ctl_zones, "--geojson --reason WHY [-c FILE] [--orders DIR] [--by NAME] [-o FILE]",
      "every zone as GeoJSON" },
    { "verify", ctl_verify,
      "[-c FILE | --ledger FILE] [--anchor NUMBER:DIGEST] [--anchors FILE] [--tell] [--json]",
      "walks the chain of evidence and says where it breaks, if it does" },
    { "replay", ctl_replay,
      "[-c FILE | --ledger FILE] [--json] | PINGS [-c FILE] [--orders DIR] [--device ID] "
      "[--against DIR] [--against-conf FILE] [--json]",
      "judges again what the ledger kept, or pings of a file by other orders or settings" },
    { "export", ctl_export, "[-c FILE | --ledger FILE] --reason WHY [-o FILE] [--by NAME] INCIDENT",
      "writes the evidence of an incident as one file that anybody can check" },
    { "snapshot", ctl_snapshot, "[-c FILE | --ledger FILE] [--group GROUP] [--keep N] FILE|FOLDER",
      "copies the ledger whole, also while breachd writes; GROUP may read the copy" },
    { "archive", ctl_archive, "[-c FILE | --ledger FILE] --before DATE [--by NAME] FILE",
      "writes what is over into a file that verify and replay read, and lets it go" },
    { "forget", ctl_forget,
      "[-c FILE | --ledger FILE] [--orders DIR] --reason WHY [--by NAME] RESPONDENT",
      "erases one respondent after an order was quashed; the chain says so" },
    { "diff", ctl_diff,
      "[-c FILE] [--as USER] [--orders DIR] [--against DIR] [--ledger FILE] [--json]",
      "what a reload would change, who is inside then, and what last month would have been" },
    { "order", ctl_order,
      "new [KEYS] [--grid E,N] [--ask] [FOLDER] | check FILE [FOLDER] | import FILE [KEYS] "
      "[--layer NAME] [--crs NAME] [--replace | --update] [FOLDER] | end ID --at TIME [FOLDER]",
      "writes an order, checks one, imports some from a table or a map, ends one" },
    { "init", ctl_init,
      "[DIR] [--site NAME] [--region CORNERS] [--timezone ZONE] [--ledger FILE] [--listen DOORS] "
      "[--tls self-signed | none] [--tls-certificate FILE --tls-key FILE] [--host NAMES] "
      "[--devices A,B] [--redis URL] [--as USER] [--ask | --yes]",
      "makes a configuration, with tokens, a certificate and users of Redis, and says what is "
      "next" },
    { "token", ctl_token, "NAME --devices A,B | --any | --operator | --room | --map",
      "makes a token that a device or an operator comes in with, and shows it once" },
    { "user", ctl_user,
      "add NAME --role view|room|map FILE | list [--json] FILE | remove NAME FILE",
      "people of the control room's page: adds one with a password of stdin, lists, removes" },
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static void tell(const struct command *command, FILE *out)
{
    print_line(out, "usage: breachctl %s %s", command->name, command->usage);
    print_line(out, "       %s", command->about);
}

/* Whether the usage has the option, with no letter more. */
static bool names(const char *usage, const char *option)
{
    size_t n = strlen(option);

    for (const char *at = usage; (at = strstr(at, option)) != NULL; at += n) {
        if ((at == usage || strchr("[ |", at[-1]) != NULL) && strchr(" ]|", at[n]) != NULL)
            return true;
    }
    return false;
}

bool ctl_has_option(const char *name, const char *option)
{
    static const char redis[] = "--redis --password-file --prefix --tls-ca --tls-certificate "
                                "--tls-key -c ";
    const char *usage = find(name)->usage;

    return names(usage, option) || (strncmp(usage, "[REDIS]", 7) == 0 && names(redis, option));
}

int ctl_misused(const char *name)
{
    tell(find(name), stderr);
    return CTL_USAGE;
}

static void tell_keys(FILE *out)
{
    fputs("KEYS are, with a value each:", out);
    for (size_t i = 0; i < ORDER_KEYS; i++)
        print_part(out, " --%s", order_keys[i].name);
    print_line(out, ".");
}

void ctl_help(const char *name)
{
    tell(find(name), stdout);
    exit(fflush(stdout) == 0 ? CTL_DONE : CTL_FAILED);
}

static void tell_all(FILE *out)
{
    fputs("usage: breachctl COMMAND …\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        print_line(out, "  %-8s %s", commands[i].name, commands[i].about);
    fputs("REDIS is --redis URL [--password-file FILE] [--prefix PREFIX] [--tls-ca FILE]\n", out);
    fputs("  [--tls-certificate FILE [--tls-key FILE]], or -c FILE.\n", out);
    tell_keys(out);
    fputs("FOLDER is [-c FILE] [--orders DIR] [--file NAME] [--dry-run].\n", out);
    fputs("`breachctl help COMMAND` tells how it is used; the manual is breachctl(1).\n", out);
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int help(int argc, char **argv)
{
    const struct command *command = argc > 1 ? find(argv[1]) : NULL;

    if (argc > 1 && command == NULL) {
        print_line(stderr, "breachctl: %s: no such command", argv[1]);
        return CTL_USAGE;
    }
    if (command != NULL)
        tell(command, stdout);
    else
        tell_all(stdout);
    return CTL_DONE;
}

/* What did not get out was not told. */
static int run(const struct command *command, int argc, char **argv)
{
    int code = command->run(argc, argv);

    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    return ctl_refuse("what there was to say could not be written");
}

int main(int argc, char **argv)
{
    const struct command *command = argc > 1 ? find(argv[1]) : NULL;

    undumpable();             // passwords and the ledger are read
    log_nothing();            // what is to tell goes to stdout and stderr
    umask(077);               // what is written is somebody's whereabouts
    signal(SIGPIPE, SIG_IGN); // a Redis that went is told by the call that meets it
    if (command != NULL)
        return run(command, argc - 1, argv + 1);
    if (argc > 1 && asks_for_help(argv[1]))
        return help(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        puts("breachctl " BREACHD_VERSION);
        return CTL_DONE;
    }
    if (argc > 1)
        ctl_wrong("%s: no such command", argv[1]);
    else
        ctl_wrong("COMMAND: must be given");
    tell_all(stderr);
    return CTL_USAGE;
}
