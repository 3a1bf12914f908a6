/* SPDX-License-Identifier: Apache-2.0 */
/*
 * torture.c - breachd against a machine that kills, fills, cuts and lies: pings without end, faults
 * at random instants, and at the end every alert of an acknowledged ping in the stream exactly
 * once, in sequence. The seed settles what the residents do and which faults come; their instants
 * are the machine's.
 */
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "arrival.h"
#include "chaos.h"
#include "numbered.h"
#include "record.h"
#include "trial.h"

#include "support/test.h"

enum { SENDERS = 8, SETTLE_MS = 120000, LOG_TAIL = 4000, TEND_MS = 5 };

static struct args {
    unsigned long faults, seed, respondents;
    const char *only;
    bool deaf_start; // Redis says nothing while breachd starts for the first time
} args = { .faults = 60, .seed = 20200623, .respondents = 240 };

struct torture {
    struct rig rig;
    struct chaos chaos;
    struct population *population;
    struct sender senders[SENDERS];
    struct resident *shares[SENDERS][POPULATION_RESIDENTS_MAX];
    atomic_bool finish, abandon;
    int64_t began;
    struct utc site_began; // of the site, by the wall
};

/* Half of the senders come through the unix socket, half over TCP. */
static void point_at_door(struct sender *sender, const struct rig *rig, bool tcp)
{
    struct sockaddr_in in = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)rig->keeper.door_port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_un un = { .sun_family = AF_UNIX };

    snprintf(un.sun_path, sizeof un.sun_path, "%s", testbed_path(rig->testbed, "http.sock").text);
    sender->at_size = tcp ? sizeof in : sizeof un;
    memcpy(&sender->at, tcp ? (const void *)&in : (const void *)&un, sender->at_size);
}

static void start_senders(struct torture *torture)
{
    for (size_t i = 0; i < torture->population->n; i++) {
        struct sender *sender = &torture->senders[i % SENDERS];

        torture->shares[i % SENDERS][sender->n++] = &torture->population->residents[i];
    }
    for (size_t i = 0; i < SENDERS; i++) {
        struct sender *sender = &torture->senders[i];

        point_at_door(sender, &torture->rig, i % 2 == 0);
        sender->residents = torture->shares[i];
        sender->dice.state = args.seed + 7919 * (i + 1);
        sender->finish = &torture->finish;
        sender->abandon = &torture->abandon;
        assert_true(sender_start(sender));
    }
}

/* A last round of reports first, unless there is nobody left to bring them to. */
static void join_senders(struct torture *torture, bool well)
{
    atomic_store(&torture->abandon, !well);
    atomic_store(&torture->finish, true);
    for (size_t i = 0; i < SENDERS; i++)
        sender_join(&torture->senders[i]);
}

/* It serves, and then takes connections and says nothing; breachd has yet to be started. */
static void deafen_redis(struct rig *rig)
{
    rig->keeper.hold_breachd = true;
    for (; !rig->keeper.serving; poll(NULL, 0, TEND_MS))
        keeper_tend(&rig->keeper);
    kill(rig->testbed->redis.pid, SIGSTOP);
    rig->keeper.hold_breachd = false;
}

static void open_all(struct torture *torture, struct testbed *testbed)
{
    torture->began = now_ms();
    torture->site_began = (struct utc){ (int64_t)time(NULL) * 1000 };
    torture->population = population_create(args.respondents, args.seed);
    assert_non_null(torture->population);
    torture->rig = (struct rig){
        .testbed = testbed, .senders = torture->senders, .n_senders = SENDERS, .dice = { args.seed }
    };
    chaos_init(&torture->chaos, args.only);
    assert_true(torture->chaos.n > 0);
    population_write(torture->population, testbed);
    keeper_open(&torture->rig.keeper, testbed);
    if (args.deaf_start)
        deafen_redis(&torture->rig);
    assert_true(chaos_heal(&torture->rig));
    if (args.deaf_start)
        kill(testbed->redis.pid, SIGCONT);
    start_senders(torture);
}

/* What the senders met; false when an answer should not have been. */
static bool senders_are_well(const struct torture *torture)
{
    unsigned long pings = 0, taken = 0, refused = 0, none = 0;
    bool well = true;

    for (size_t i = 0; i < SENDERS; i++) {
        const struct sender *sender = &torture->senders[i];

        pings += sender->pings;
        taken += sender->answers[2];
        refused += sender->answers[5];
        none += sender->answers[0];
        if (sender->wrong[0] != '\0')
            printf("sender %zu: %s\n", i, sender->wrong);
        well &= sender->wrong[0] == '\0';
    }
    printf("%lu pings acknowledged in %lu requests; %lu answered 503, %lu not answered\n", pings,
           taken, refused, none);
    return well;
}

static struct config *load_config(const struct testbed *testbed)
{
    struct complaints complaints = { 0 };
    struct config *config =
        config_load(&(struct config_options){ .path = testbed_path(testbed, "breachd.conf").text },
                    NULL, &complaints);

    complaints_fini(&complaints);
    return config;
}

/* Reads what Redis holds, and compares. How many differences. */
static size_t judge(struct torture *torture)
{
    struct testbed *testbed = torture->rig.testbed;
    struct trial trial = { .population = torture->population, .tally = { .seed = args.seed } };
    struct config *config = load_config(testbed);
    json_t *status = record_settled(testbed, SETTLE_MS), *alerts, *open;
    struct oracle *oracle;
    size_t differences;

    assert_non_null(config);
    arrival_read(torture->population, testbed_path(testbed, "ledger.db").text, &trial.tally);
    trial.numbered_after = numbered_read(testbed_path(testbed, "ledger.db").text,
                                         torture->site_began, args.deaf_start, &trial.tally);
    oracle = oracle_ask(torture->population, config, trial.numbered_after);
    assert_non_null(oracle);
    if (status == NULL)
        printf("not everything was published in %d s: %s\n", SETTLE_MS / 1000,
               testbed->body == NULL ? "" : testbed->body);
    alerts = record_stream(testbed);
    open = record_open(testbed);
    trial.oracle = oracle;
    trial_on_stream(&trial, alerts);
    trial_on_open(&trial, alerts, open);
    trial_on_status(&trial, open, status);
    differences = tally_total(&trial.tally);
    tally_print(&trial.tally, stdout);
    tally_fini(&trial.tally);
    printf("%zu alerts of respondents, %zu of time or people, %zu of the site (blind %zu times); "
           "%zu incidents open\n",
           trial.respondents, trial.unforetold, trial.site, trial.blind, json_object_size(open));
    json_decref(alerts);
    json_decref(open);
    json_decref(status);
    oracle_destroy(oracle);
    config_destroy(config);
    return differences + (status == NULL);
}

static void print_tail(const struct testbed *testbed, const char *name)
{
    char *log = testbed_read(testbed, name);
    size_t length = log == NULL ? 0 : strlen(log);

    if (log != NULL)
        printf("--- the end of %s\n%s---\n", name,
               log + (length > LOG_TAIL ? length - LOG_TAIL : 0));
    free(log);
}

/* For whoever looks for the reason: the folder under another name, which no teardown knows. */
static void keep_folder(const struct testbed *testbed)
{
    char kept[64];

    snprintf(kept, sizeof kept, "%s-kept", testbed->dir);
    if (rename(testbed->dir, kept) == 0)
        printf("its folder is kept: %s\n", kept);
}

/* Runs breachctl on the ledger; true when it exits 0. Its words are in run.out and run.err. */
static bool finds_no_fault(const struct testbed *testbed, const char *command)
{
    struct path ledger = testbed_path(testbed, "ledger.db");
    struct path out = testbed_path(testbed, "run.out"), err = testbed_path(testbed, "run.err");
    const char *argv[] = { BREACHCTL_PROGRAM, command, "--ledger", ledger.text, NULL };
    struct child child =
        child_start(&(struct command){ .argv = argv, .out = out.text, .err = err.text });
    int status = 0;
    bool well =
        child_ends(&child, SETTLE_MS, &status) && WIFEXITED(status) && WEXITSTATUS(status) == 0;

    print_tail(testbed, "run.out");
    if (!well)
        print_tail(testbed, "run.err");
    return well;
}

static void nothing_is_lost_or_told_twice(void **state)
{
    struct torture *torture = calloc(1, sizeof *torture);
    struct testbed *testbed = *state;
    size_t differences = 0;
    bool well;

    assert_non_null(torture);
    open_all(torture, testbed);
    well = chaos_run(&torture->chaos, &torture->rig, args.faults) && chaos_heal(&torture->rig);
    join_senders(torture, well);
    chaos_print(&torture->chaos);
    well = senders_are_well(torture) && well;
    if (well)
        differences = judge(torture);
    well = well && differences == 0;
    if (well) {
        testbed_close(testbed); // what it kept is judged again by breachctl
        well = finds_no_fault(testbed, "verify") && finds_no_fault(testbed, "replay");
    }
    printf("breachd started %lu times, refused to on a bad disk %lu times, redis-server %lu times; "
           "power cuts took %zu writes back\n",
           torture->rig.keeper.starts, torture->rig.keeper.refusals,
           torture->rig.keeper.redis_refusals, torture->rig.taken_back);
    printf("%s: %lu faults, seed %lu, %zu differences, %.0f s\n", well ? "WELL" : "NOT WELL",
           torture->chaos.begun, args.seed, differences,
           (double)(now_ms() - torture->began) / 1000);
    if (!well) {
        print_tail(testbed, "log");
        print_tail(testbed, "redis.log");
        keep_folder(testbed);
    }
    population_destroy(torture->population);
    free(torture);
    testbed->well = true; // its end was shown, the whole log is too long
    assert_true(well);
}

static bool read_args(int argc, char **argv)
{
    static const struct option options[] = {
        { "faults", required_argument, NULL, 'f' },      { "seed", required_argument, NULL, 's' },
        { "respondents", required_argument, NULL, 'r' }, { "only", required_argument, NULL, 'o' },
        { "deaf-start", no_argument, NULL, 'd' },        { 0 }
    };
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'f')
            args.faults = strtoul(optarg, NULL, 10);
        else if (option == 's')
            args.seed = strtoul(optarg, NULL, 10);
        else if (option == 'r')
            args.respondents = strtoul(optarg, NULL, 10);
        else if (option == 'o')
            args.only = optarg;
        else if (option == 'd')
            args.deaf_start = true;
        else
            return false;
    }
    return optind == argc && args.respondents >= SENDERS &&
           args.respondents <= POPULATION_RESIDENTS_MAX;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        testbed_test(nothing_is_lost_or_told_twice),
    };

    if (!read_args(argc, argv)) {
        fprintf(stderr,
                "usage: %s [--faults N] [--seed S] [--respondents %d..%d] [--only NAME] "
                "[--deaf-start]\n",
                argv[0], SENDERS, POPULATION_RESIDENTS_MAX);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("torture: %lu faults, seed %lu\n", args.faults, args.seed);
    return cmocka_run_group_tests_name("torture", tests, NULL, NULL);
}
