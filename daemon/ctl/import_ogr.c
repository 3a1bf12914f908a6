/* SPDX-License-Identifier: Apache-2.0 */
/* import_ogr.c - KML, GeoPackage, shapefile and all else that GDAL reads, by its ogr2ogr. */
#include "ctl/import_readers.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PIECE = 65536, SHAPEFILE_TEXT_MAX = 254 };

/* Starts it with its output into `out`, its complaints into `err`. */
static pid_t start(const char *const *argv, int out, int err, struct fault *why)
{
    posix_spawn_file_actions_t actions;
    pid_t pid = -1;
    int code;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    code = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (code == ENOENT)
        fault_set(why,
                  "%s is not there, which reads such files: install gdal-bin, or import "
                  "GeoJSON or CSV",
                  argv[0]);
    else if (code != 0)
        fault_set(why, "%s: %s", argv[0], strerror(code));
    return code == 0 ? pid : -1;
}

/* All that comes, up to the limit; the caller frees. */
static char *read_pipe(int fd, size_t *out_n, struct fault *why)
{
    char *text = NULL, *larger;
    size_t n = 0, room = 0;
    ssize_t got;

    do {
        if (n + PIECE > room) {
            room = 2 * room + PIECE;
            larger = realloc(text, room + 1);
            if (larger == NULL) {
                free(text);
                fault_set(why, FAULT_MEMORY);
                return NULL;
            }
            text = larger;
        }
        got = read(fd, text + n, PIECE);
        n += got > 0 ? (size_t)got : 0;
    } while ((got > 0 && n < IMPORT_BYTES_MAX) || (got < 0 && errno == EINTR));
    text[n] = '\0';
    *out_n = n;
    if (got == 0)
        return text;
    free(text);
    fault_set(why, "what gdal makes of it is more than %" PRId64 " bytes", IMPORT_BYTES_MAX);
    return NULL;
}

/* The first line of what it complained of. */
static void read_complaint(int err, struct fault *out)
{
    char line[256];
    ssize_t n = pread(err, line, sizeof line - 1, 0);

    line[n > 0 ? n : 0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    fault_set(out, "gdal: %s", line[0] != '\0' ? line : "failed, and says nothing");
}

static bool finish(pid_t pid, int err, struct fault *why)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    read_complaint(err, why);
    return false;
}

/* What it writes, once it has ended well. */
static char *take_all(pid_t pid, int fd, int err, size_t *out_n, struct fault *why)
{
    struct fault unread;
    char *text = read_pipe(fd, out_n, &unread);
    bool ended;

    if (text == NULL)
        kill(pid, SIGTERM); // it would wait for somebody to read on
    ended = finish(pid, err, why);
    if (text == NULL)
        *why = unread;
    if (ended)
        return text;
    free(text);
    return NULL;
}

/* Runs one of GDAL's tools to its end; the caller frees what it has written. */
static char *run(const char *const *argv, size_t *out_n, struct fault *why)
{
    int pipes[2] = { -1, -1 }, err = memfd_create("gdal", MFD_CLOEXEC);
    char *text = NULL;
    pid_t pid;

    if (err < 0 || pipe2(pipes, O_CLOEXEC) != 0) {
        fault_set(why, "%s: %s", argv[0], strerror(errno));
        if (err >= 0)
            close(err);
        return NULL;
    }
    pid = start(argv, pipes[1], err, why);
    close(pipes[1]);
    if (pid > 0)
        text = take_all(pid, pipes[0], err, out_n, why);
    close(pipes[0]);
    close(err);
    return text;
}

/* `EPSG:27700` of the line `    ID["EPSG",27700]]`, by its indent that of the layer as a whole. */
static void find_crs(const char *info, char crs[32])
{
    static const char line[] = "\n    ID[\"EPSG\",";
    const char *wkt = strstr(info, "Layer SRS WKT:"), *id;

    crs[0] = '\0';
    id = wkt != NULL ? strstr(wkt, line) : NULL;
    if (id != NULL)
        snprintf(crs, 32, "EPSG:%.*s", (int)strspn(id + sizeof line - 1, "0123456789"),
                 id + sizeof line - 1);
}

static bool has_several(const char *info)
{
    static const char line[] = "\nLayer name: ";
    const char *first = strstr(info, line);

    return first != NULL && strstr(first + 1, line) != NULL;
}

char *import_by_ogr(struct import_rows *import, const char *path, char crs[32], size_t *out_n,
                    struct fault *why)
{
    const char *layer = import->place->call->layer;
    char beside[4096], *info, *text;
    const char *describe[] = {
        "ogrinfo", "-ro", "-so", layer != NULL ? beside : "-al", layer != NULL ? layer : beside,
        NULL
    };
    const char *convert[] = { "ogr2ogr",     "-f",   "GeoJSON", "-lco", "COORDINATE_PRECISION=15",
                              "/vsistdout/", beside, layer,     NULL };
    size_t unused;

    snprintf(beside, sizeof beside, "%s%s", path[0] == '-' ? "./" : "", path); // no option
    info = run(describe, &unused, why);
    if (info == NULL)
        return NULL;
    find_crs(info, crs);
    if (strstr(info, "using driver `ESRI Shapefile'") != NULL)
        import->text_most = SHAPEFILE_TEXT_MAX;
    text = has_several(info) && layer == NULL
               ? (fault_set(why, "has several layers: --layer says which"), NULL)
               : run(convert, out_n, why);
    free(info);
    return text;
}
