/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order.h"

#include <getopt.h>
#include <string.h>

/* A row an option that takes a text, beside those of order_keys. */
static const struct word {
    const char *name;
    size_t offset;
} words[] = {
    { "orders", offsetof(struct order_call, orders) },
    { "file", offsetof(struct order_call, file) },
    { "at", offsetof(struct order_call, at) },
    { "layer", offsetof(struct order_call, layer) },
    { "crs", offsetof(struct order_call, crs) },
    { "grid", offsetof(struct order_call, grid) },
};

/* A row an option that takes none. */
static const struct flag {
    const char *name;
    size_t offset;
} flags[] = {
    { "dry-run", offsetof(struct order_call, dry_run) },
    { "ask", offsetof(struct order_call, ask) },
    { "replace", offsetof(struct order_call, replace) },
    { "update", offsetof(struct order_call, update) },
};

enum {
    WORDS = sizeof words / sizeof *words,
    FLAGS = sizeof flags / sizeof *flags,
    FIRST_KEY = 256,
    FIRST_WORD = FIRST_KEY + ORDER_KEYS,
    FIRST_FLAG = FIRST_WORD + WORDS,
};

static void name_options(struct option longs[ORDER_KEYS + WORDS + FLAGS + 2])
{
    for (int i = 0; i < ORDER_KEYS; i++)
        longs[i] = (struct option){ order_keys[i].name, required_argument, NULL, FIRST_KEY + i };
    longs += ORDER_KEYS;
    for (int i = 0; i < WORDS; i++)
        longs[i] = (struct option){ words[i].name, required_argument, NULL, FIRST_WORD + i };
    longs += WORDS;
    for (int i = 0; i < FLAGS; i++)
        longs[i] = (struct option){ flags[i].name, no_argument, NULL, FIRST_FLAG + i };
    longs[FLAGS] = (struct option){ "help", no_argument, NULL, 'h' };
}

static bool read_call(int argc, char **argv, struct order_call *out)
{
    struct option longs[ORDER_KEYS + WORDS + FLAGS + 2] = { 0 };
    int option;

    name_options(longs);
    *out = (struct order_call){ 0 };
    while ((option = getopt_long(argc, argv, "c:h", longs, NULL)) != -1) {
        if (option >= FIRST_FLAG)
            *(bool *)((char *)out + flags[option - FIRST_FLAG].offset) = true;
        else if (option >= FIRST_WORD)
            *(const char **)((char *)out + words[option - FIRST_WORD].offset) = optarg;
        else if (option >= FIRST_KEY)
            out->keys[option - FIRST_KEY] = optarg;
        else if (option == 'c')
            out->settings = optarg;
        else if (option == 'h')
            ctl_help("order");
        else
            return false; // getopt has said why
    }
    return true;
}

static int make_new(const struct order_call *call, const char *of)
{
    (void)of;
    return order_new(call);
}

static const struct act {
    const char *name, *of; // NULL: of nothing
    int (*run)(const struct order_call *call, const char *of);
} acts[] = { { "new", NULL, make_new },
             { "check", "FILE", order_check },
             { "import", "FILE", order_import },
             { "end", "ID", order_end } };

static const struct act *find_act(const char *name)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (strcmp(acts[i].name, name) == 0)
            return &acts[i];
    }
    return NULL;
}

int ctl_order(int argc, char **argv)
{
    struct order_call call;
    const char *name = argc > 1 ? argv[1] : "";
    const struct act *act = find_act(name);

    if (name[0] == '-')
        read_call(argc, argv, &call); // --help, which does not come back
    if (act == NULL) {
        ctl_wrong("%.40s%snew, check, import or end must be given", name,
                  name[0] != '\0' ? ": " : "");
        return ctl_misused("order");
    }
    argc--, argv++;
    if (!read_call(argc, argv, &call) || (act->of != NULL ? !ctl_one(argc, argv, optind, act->of)
                                                          : !ctl_no_more(argc, argv, optind)))
        return ctl_misused("order");
    return act->run(&call, argv[optind]); // NULL, of none
}
