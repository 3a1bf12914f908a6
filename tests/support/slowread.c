/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slowread.c - preloaded: whoever lists a folder waits as long as the file named by SLOWREAD_GATE
 * is there, and says so on stderr. So a test decides how long breachd reads its orders.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { AGAIN_NS = 2 * 1000 * 1000 };

static void wait_at_the_gate(void)
{
    const char *gate = getenv("SLOWREAD_GATE");
    struct timespec while_closed = { 0, AGAIN_NS };

    if (gate != NULL && access(gate, F_OK) == 0)
        fputs("slowread: at the gate\n", stderr);
    while (gate != NULL && access(gate, F_OK) == 0)
        nanosleep(&while_closed, NULL);
}

typedef int lister(const char *folder, void *names, void *filter, void *compare);

int scandir(const char *folder, struct dirent ***names, int (*filter)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **))
{
    lister *real = (lister *)dlsym(RTLD_NEXT, "scandir");

    wait_at_the_gate();
    return real(folder, names, (void *)filter, (void *)compare);
}

int scandir64(const char *folder, struct dirent64 ***names, int (*filter)(const struct dirent64 *),
              int (*compare)(const struct dirent64 **, const struct dirent64 **))
{
    lister *real = (lister *)dlsym(RTLD_NEXT, "scandir64");

    wait_at_the_gate();
    return real(folder, names, (void *)filter, (void *)compare);
}
