/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/textfile.h"

#include "adapter/lead.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_wanted(int fd, long long max, struct fault *why)
{
    struct stat what;

    if (fstat(fd, &what) != 0)
        return fault_set(why, "%s", strerror(errno));
    if (S_ISDIR(what.st_mode))
        return fault_set(why, "%s", strerror(EISDIR));
    if (!S_ISREG(what.st_mode))
        return fault_set(why, "is no regular file");
    return what.st_size <= max || fault_set(why, "larger than %lld bytes", max);
}

FILE *textfile_open(const char *path, long long max, struct fault *why)
{
    // O_NONBLOCK: opening a FIFO would wait for a writer that may never come.
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    FILE *file = NULL;

    if (fd < 0) {
        fault_set(why, "%s", strerror(errno));
        return NULL;
    }
    if (!is_wanted(fd, max, why))
        goto out;
    if (fcntl(fd, F_SETFL, O_RDONLY) != 0 || (file = fdopen(fd, "r")) == NULL)
        fault_set(why, "%s", strerror(errno));
out:
    if (file == NULL)
        close(fd);
    return file;
}

bool textfile_skip_lead(FILE *file, struct fault *why)
{
    char bytes[LEAD_MAX];
    const char *at = bytes;
    size_t n;

    if (fseek(file, 0, SEEK_CUR) != 0)
        return true;
    n = fread(bytes, 1, sizeof bytes, file);
    return lead_skip(&at, &n, why) &&
           (fseek(file, at - bytes, SEEK_SET) == 0 || fault_set(why, "%s", strerror(errno)));
}

bool textfile_write(int fd, const char *text)
{
    FILE *file = fdopen(fd, "w");
    bool ok;

    if (file == NULL) {
        close(fd);
        return false;
    }
    setvbuf(file, NULL, _IONBF, 0);
    ok = fwrite(text, 1, strlen(text), file) == strlen(text) && fflush(file) == 0 && fsync(fd) == 0;
    return fclose(file) == 0 && ok;
}
