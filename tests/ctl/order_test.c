/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl order new, check and end: nothing comes into the folder that breachd would refuse. */
#include "ctl/order_fixture.h"

#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/scratch.h"
#include "support/test.h"

#define NEW                                                                                        \
    "order new --id DVPO-1 --kind DVPO --respondent R-1 --devices tag-1,tag-2 --monitoring "       \
    "consent --from '2026-11-20 12:00' --served 2026-11-20T15:00:00Z --until '2026-12-11 12:00' "
#define ZONE "--centre '51.5712, 0.4712' --radius '200 m' "
#define WRITTEN                                                                                    \
    "[order DVPO-1]\nkind       = DVPO\nrespondent = R-1\ndevices    = tag-1,tag-2\n"              \
    "monitoring = consent\nfrom       = 2026-11-20 12:00\nserved     = 2026-11-20T15:00:00Z\n"     \
    "until      = 2026-12-11 12:00\n\n[zone DVPO-1/home]\ncentre     = 51.5712, 0.4712\n"          \
    "radius     = 200 m\n"

static void what_the_options_say_is_written_and_shown(void **state)
{
    (void)state;
    assert_ended(order_run(NEW ZONE), 0, "orders.d/DVPO-1.conf is in place");
    assert_file("orders.d/DVPO-1.conf", WRITTEN);
    assert_string_equal(order_said(), WRITTEN);
    assert_ended(order_run("order check orders.d/DVPO-1.conf"), 0, "");
    assert_string_equal(order_said(),
                        "orders.d/DVPO-1.conf: good; with it there are 1 order, 1 zone\n");
}

static const struct refused_row {
    const char *says, *arguments, *complaint;
    int code;
} refused[] = {
    { "a day that is not there", NEW ZONE "--until '2026-11-31 12:00'",
      "DVPO-1.conf:8: until: \"2026-11-31 12:00\" names a day that the calendar has not", 1 },
    { "an hour that comes twice", NEW ZONE "--until '2026-10-25 01:30'", "comes twice", 1 },
    { "a place in Paris", NEW "--centre '48.85, 2.35' --radius '200 m'", "outside the region", 1 },
    { "a respondent of two words", NEW ZONE "--respondent 'John Smith'",
      "respondent: \"John Smith\" is not 1..64 letters", 1 },
    { "a line end in a value", NEW ZONE "--area 'Basildon\n[order B]'", "area: holds a line end",
      1 },
    { "a comment in a value", NEW ZONE "--area 'Basildon ; not'",
      "area: ; after a blank would begin a comment", 1 },
    { "an id with a slash", NEW ZONE "--id A/B", "id: \"A/B\" is not 1..64 letters", 1 },
    { "a file elsewhere", NEW ZONE "--file ../A.conf", "no name of an order file", 1 },
    { "a hidden file", NEW ZONE "--file .A.conf", "no name of an order file", 1 },
    { "no id, and nobody to ask", "order new --kind DVPO", "usage: breachctl order", 2 },
    { "no command", "order", "usage: breachctl order", 2 },
    { "an unknown command", "order burn", "usage: breachctl order", 2 },
    { "an end without its time", "order end DVPO-1", "usage: breachctl order", 2 },
    { "an end on a day that is not there", "order end DVPO-1 --at '2026-11-31 12:00'",
      "--at: \"2026-11-31 12:00\"", 2 },
    { "an end without a time of day", "order end DVPO-1 --at 2027-01-01", "--at: \"2027-01-01\"",
      2 },
    { "no such file to check", "order check lost.conf", "lost.conf: No such file", 1 },
    { "no such folder", NEW ZONE "--orders lost.d", "lost.d: No such file", 1 },
};

static void it_is_refused_and_nothing_is_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        print_message("%s\n", refused[i].says);
        assert_ended(order_run("%s", refused[i].arguments), refused[i].code, refused[i].complaint);
        assert_int_equal(rmdir("orders.d"), 0); // it is empty
        assert_int_equal(mkdir("orders.d", 0750), 0);
    }
}

static void the_others_count_too(void **state)
{
    (void)state;
    assert_ended(order_run(NEW ZONE), 0, "");
    assert_ended(order_run(NEW ZONE "--id DVPO-2 --respondent R-2"), 1,
                 "DVPO-2.conf:4: devices: tag-1 is carried by R-1, so R-2 cannot carry it");
    assert_null(order_file("orders.d/DVPO-2.conf"));
    assert_ended(order_run(NEW ZONE "--file other"), 1, "there is another one of that id");
    assert_null(order_file("orders.d/other.conf"));
}

static void what_is_there_stays(void **state)
{
    (void)state;
    scratch_write("orders.d/DVPO-1.conf", "; mine\n");
    assert_ended(order_run(NEW ZONE), 1, "is there already, and stays as it is");
    assert_file("orders.d/DVPO-1.conf", "; mine\n");
}

static void a_dry_run_writes_nothing(void **state)
{
    (void)state;
    assert_ended(order_run(NEW ZONE "--dry-run"), 0, "nothing was written");
    assert_string_equal(order_said(), WRITTEN);
    assert_null(order_file("orders.d/DVPO-1.conf"));
}

/* Whoever was killed between writing and moving leaves only what breachd does not read. */
static void what_a_killed_one_left_is_in_nobodys_way(void **state)
{
    (void)state;
    scratch_write("orders.d/.DVPO-1.conf.new", "[order HALF");
    assert_ended(order_run(NEW ZONE), 0, "is in place");
    assert_file("orders.d/DVPO-1.conf", WRITTEN);
    assert_null(order_file("orders.d/.DVPO-1.conf.new"));
}

static unsigned mode_of(const char *path)
{
    struct stat what;

    assert_int_equal(stat(path, &what), 0);
    return what.st_mode & 0777;
}

static void who_may_read_the_folder_may_read_the_file(void **state)
{
    struct stat folder, file;
    (void)state;

    if (getuid() == 0)
        assert_int_equal(chown("orders.d", 0, 4242), 0);
    assert_ended(order_run(NEW ZONE), 0, "");
    assert_int_equal(stat("orders.d", &folder), 0);
    assert_int_equal(stat("orders.d/DVPO-1.conf", &file), 0);
    assert_int_equal(file.st_gid, folder.st_gid);
    assert_int_equal(mode_of("orders.d/DVPO-1.conf"), 0640);
    assert_int_equal(chmod("orders.d/DVPO-1.conf", 0604), 0);
    assert_ended(order_run("order end DVPO-1 --at '2026-12-10 12:00'"), 0, "");
    assert_int_equal(mode_of("orders.d/DVPO-1.conf"), 0604);
}

/* Whether somebody waits for a lock on this file: `1: -> FLOCK … 00:2f:INODE 0 EOF`. */
static bool is_waited_for(const struct stat *what)
{
    FILE *locks = fopen("/proc/locks", "re");
    char line[256], inode[32];
    bool waits = false;

    assert_non_null(locks);
    snprintf(inode, sizeof inode, ":%ju ", (uintmax_t)what->st_ino);
    while (fgets(line, sizeof line, locks) != NULL)
        waits |= strstr(line, "-> FLOCK") != NULL && strstr(line, inode) != NULL;
    fclose(locks);
    return waits;
}

static void who_is_at_it_is_waited_for(void **state)
{
    int folder = open("orders.d", O_RDONLY | O_DIRECTORY | O_CLOEXEC), status;
    struct stat what;
    pid_t pid;
    (void)state;

    assert_int_equal(fstat(folder, &what), 0);
    assert_int_equal(flock(folder, LOCK_EX), 0);
    pid = fork();
    if (pid == 0) {
        close(folder); // the lock is this descriptor's, in whichever process
        _exit(order_run(NEW ZONE));
    }
    while (!is_waited_for(&what) && waitpid(pid, &status, WNOHANG) == 0)
        sched_yield();
    assert_null(order_file("orders.d/DVPO-1.conf"));
    close(folder);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_file("orders.d/DVPO-1.conf", WRITTEN);
}

/* ---- questions ---- */

static void each_answer_is_checked_at_once(void **state)
{
    (void)state;
    assert_ended(order_answer("DVPO 1\nDVPO-1\ndvpo\nDVPO\n\nR-1\ntag-1,tag-2\n\n\nconsent\n"
                              "2026-03-29 01:30\n2026-11-20 12:00\n2026-11-20T15:00:00Z\n"
                              "2026-12-11 12:00\nhome\n48.85, 2.35\n51.5712, 0.4712\n200\n200 m\n"
                              "\n\ny\n",
                              "order new --ask"),
                 0, "is in place");
    assert_file("orders.d/DVPO-1.conf", WRITTEN);
    assert_non_null(strstr(order_complained(), "  [order DVPO 1]: ids are 1..64"));
    assert_non_null(strstr(order_complained(), "  kind: \"dvpo\" is none of: DVPN"));
    assert_non_null(strstr(order_complained(), "is shown by no clock"));
    assert_non_null(strstr(order_complained(), "  centre: outside the region"));
    assert_non_null(strstr(order_complained(), "  radius: \"200\" is not a distance"));
}

static void an_answer_may_be_now(void **state)
{
    (void)state;
    assert_ended(order_answer("DVPO-1\nDVPO\n\nR-1\ntag-1\n\n\nconsent\nnow\nnow\n\nhome\n"
                              "51.5712, 0.4712\n200 m\n\n\ny\n",
                              "order new --ask"),
                 0, "is in place");
    assert_non_null(strstr(order_file("orders.d/DVPO-1.conf"), "served     = 20"));
}

static void a_no_writes_nothing_and_what_was_answered_is_kept(void **state)
{
    (void)state;
    // Until before from: told when all of it is known, and answered anew with the rest kept.
    assert_ended(order_answer("DVPO-1\nDVPO\n\nR-1\ntag-1,tag-2\n\n\nconsent\n"
                              "2026-11-20 12:00\n2026-11-20T15:00:00Z\n2026-11-19 12:00\nhome\n"
                              "51.5712, 0.4712\n200 m\n\n\ny\ny\n"
                              "\n\n\n\n\n\n\n\n\n\n2026-12-11 12:00\n\n\n\n\n\nn\nn\n",
                              "order new --ask"),
                 1, "until: not after from");
    assert_null(order_file("orders.d/DVPO-1.conf"));
    assert_non_null(strstr(order_said(), WRITTEN));
}

static void who_goes_away_has_written_nothing(void **state)
{
    (void)state;
    assert_ended(order_answer("DVPO-1\nDVPO\n", "order new --ask"), 1, "nothing was written");
    assert_null(order_file("orders.d/DVPO-1.conf"));
}

/* ---- the grid ---- */

/* Caister water tower, of the Ordnance Survey's guide: 52 39 28.723 N, 1 42 57.787 E of WGS84. */
static void a_place_of_the_grid_is_told_with_its_transformation(void **state)
{
    double lat = 0, lon = 0;
    (void)state;

    order_settings("49.8,-8.7 60.9,1.8", "Europe/London");
    assert_ended(order_run(NEW "--grid '651409.903, 313177.270' --radius '200 m'"), 0,
                 "of the National Grid is 52.657");
    assert_non_null(strstr(order_complained(), "OSGB36 to WGS 84"));
    assert_non_null(strstr(order_complained(), "accurate to "));
    assert_int_equal(sscanf(strstr(order_said(), "centre     = "), "centre = %lf, %lf", &lat, &lon),
                     2);
    assert_true(lat > 52.657978 - 3e-5 && lat < 52.657978 + 3e-5);
    assert_true(lon > 1.716052 - 5e-5 && lon < 1.716052 + 5e-5);
}

/* ---- the end of an order ---- */

#define OTHERS                                                                                     \
    "; of all\n[order A]\nkind = other ; a remark\nrespondent = R-9\ndevices = tag-9\n"            \
    "monitoring = bail\nfrom = 2026-01-01T00:00:00Z\nserved = 2026-01-01T00:00:00Z\n\n"            \
    "[zone A/home]\ncentre = 51.5712, 0.4712\nradius = 200 m\n"
#define LAST                                                                                       \
    "\n[order B]\nkind = other\nrespondent = R-8\ndevices = tag-8\nmonitoring = bail\n"            \
    "from   = 2026-01-01T00:00:00Z\nserved = 2026-01-01T00:00:00Z\n"

static void only_the_end_is_written_anew(void **state)
{
    (void)state;
    scratch_write("orders.d/town.conf", OTHERS LAST "until  = 2026-12-01T00:00:00Z ; as ordered\n");
    assert_ended(order_run("order end B --at '2026-11-01 09:00'"), 0, "is in place");
    assert_file("orders.d/town.conf", OTHERS LAST "until  = 2026-11-01 09:00\n");
    assert_non_null(strstr(order_said(), "; ./orders.d/town.conf\n[order B]\n"));
    assert_null(strstr(order_said(), "[order A]"));
}

/* Orders may be kept elsewhere, and linked into the folder: the link stays, and the file ends. */
static void what_a_link_leads_to_is_written(void **state)
{
    struct stat what;
    (void)state;

    assert_int_equal(mkdir("kept", 0700), 0);
    scratch_write("kept/court.conf", OTHERS LAST);
    assert_int_equal(symlink("../kept/court.conf", "orders.d/town.conf"), 0);
    assert_ended(order_run("order end B --at 2026-11-01T09:00:00Z"), 0, "is in place");
    assert_int_equal(lstat("orders.d/town.conf", &what), 0);
    assert_true(S_ISLNK(what.st_mode));
    assert_non_null(strstr(order_file("kept/court.conf"), "until  = 2026-11-01T09:00:00Z\n"));
}

static void one_without_an_end_gets_one(void **state)
{
    (void)state;
    scratch_write("orders.d/town.conf", OTHERS LAST);
    assert_ended(order_run("order end A --at 2026-11-01T09:00:00Z"), 0, "is in place");
    assert_ended(order_run("order end B --at now"), 0, "is in place");
    assert_ended(order_run("order check orders.d/town.conf"), 0, "");
    assert_non_null(strstr(order_file("orders.d/town.conf"),
                           "from = 2026-01-01T00:00:00Z\nuntil= 2026-11-01T09:00:00Z\nserved"));
}

static const struct end_row {
    const char *says, *arguments, *complaint;
    int code;
} ends[] = {
    { "an unknown order", "order end C --at now", "no [order C] in ", 1 },
    { "before it begins", "order end B --at 2025-01-01T00:00:00Z", "until: not after from", 1 },
    { "later than its end", "order end B --at 2027-01-01T00:00:00Z",
      "B: ends at 2026-12-01T00:00:00.000Z already", 1 },
    { "an hour that comes twice", "order end B --at '2026-10-25 01:30'",
      "--at: \"2026-10-25 01:30\" comes twice", 2 },
    { "no instant", "order end B --at tomorrow", "--at: \"tomorrow\" is not like", 2 },
};

static void it_does_not_end_so(void **state)
{
    (void)state;
    scratch_write("orders.d/town.conf", OTHERS LAST "until  = 2026-12-01T00:00:00Z\n");
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        print_message("%s\n", ends[i].says);
        assert_ended(order_run("%s", ends[i].arguments), ends[i].code, ends[i].complaint);
        assert_file("orders.d/town.conf", OTHERS LAST "until  = 2026-12-01T00:00:00Z\n");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        order_test(what_the_options_say_is_written_and_shown),
        order_test(it_is_refused_and_nothing_is_written),
        order_test(the_others_count_too),
        order_test(what_is_there_stays),
        order_test(a_dry_run_writes_nothing),
        order_test(what_a_killed_one_left_is_in_nobodys_way),
        order_test(who_may_read_the_folder_may_read_the_file),
        order_test(who_is_at_it_is_waited_for),
        order_test(each_answer_is_checked_at_once),
        order_test(an_answer_may_be_now),
        order_test(a_no_writes_nothing_and_what_was_answered_is_kept),
        order_test(who_goes_away_has_written_nothing),
        order_test(a_place_of_the_grid_is_told_with_its_transformation),
        order_test(only_the_end_is_written_anew),
        order_test(one_without_an_end_gets_one),
        order_test(what_a_link_leads_to_is_written),
        order_test(it_does_not_end_so),
    };

    return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
