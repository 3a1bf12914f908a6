/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/recording.h"

#include "adapter/json/input.h"
#include "adapter/ledger/ledger_reader.h"
#include "adapter/ping/ping_csv.h"
#include "adapter/ping/ping_gpx.h"
#include "adapter/ping/ping_json.h"
#include "adapter/textfile.h"

#include <stdlib.h>
#include <string.h>

static const char ledger_head[] = "SQLite format 3";

static void add(struct recording *recording, const struct ping *ping, struct utc now)
{
    if (recording->n == recording->room) {
        size_t room = 2 * recording->room + 1024;
        struct recorded *pings = reallocarray(recording->pings, room, sizeof *pings);

        recording->broken = recording->broken || pings == NULL;
        if (pings == NULL)
            return;
        recording->pings = pings;
        recording->room = room;
    }
    recording->pings[recording->n++] = (struct recorded){ *ping, now };
}

static void take(const struct ping *ping, size_t index, const char *why, void *arg)
{
    struct recording *recording = arg;

    (void)index;
    if (why == NULL && ping != NULL)
        add(recording, ping, (struct utc){ 0 });
    else if (why != NULL && recording->refused++ == 0)
        fault_set(&recording->first_refusal, "%s", why);
}

static bool on_entry(const struct read_entry *entry, void *arg)
{
    struct recording *recording = arg;
    struct kept_question *kept;
    struct fault why;

    if (strcmp(entry->kind, "ping") != 0 || entry->body == NULL)
        return true;
    kept = malloc(sizeof *kept);
    if (kept == NULL)
        recording->broken = true;
    else if (input_read(entry->kind, entry->body, kept, &why))
        add(recording, &kept->question.ping, kept->question.now);
    else
        take(NULL, 0, why.text, recording);
    free(kept);
    return !recording->broken;
}

static bool read_ledger(const char *path, struct recording *out, struct fault *why)
{
    struct ledger_reader *reader = NULL;
    bool ok = ledger_reader_open(path, &reader, why) &&
              ledger_reader_each(reader, 0, INT64_MAX, on_entry, out, why);

    ledger_reader_close(reader);
    return ok;
}

/* The whole file with a zero behind it; the caller frees. */
static char *read_bytes(const char *path, size_t *out_n, struct fault *why)
{
    FILE *file = textfile_open(path, RECORDING_BYTES_MAX, why);
    char *bytes = NULL, *larger;
    size_t room = 0, n = 0;

    if (file == NULL)
        return NULL;
    do {
        room = 2 * room + 65536;
        larger = realloc(bytes, room + 1);
        if (larger == NULL)
            break;
        bytes = larger;
        n += fread(bytes + n, 1, room - n, file);
    } while (n == room);
    if (larger == NULL || ferror(file)) {
        fault_set(why, "cannot be read");
        free(bytes);
        bytes = NULL;
    } else {
        bytes[n] = '\0';
        *out_n = n;
    }
    fclose(file);
    return bytes;
}

/* XML and JSON tell themselves by their first letter; what is neither has a line of names. */
static ping_reader *reader_of(const char *bytes, size_t n)
{
    if (n >= 4 && (memcmp(bytes, "\xff\xfe<\0", 4) == 0 || memcmp(bytes, "\xfe\xff\0<", 4) == 0))
        return ping_gpx_read; // XML may be UTF-16
    bytes += strspn(bytes, "\xef\xbb\xbf \t\r\n");
    if (*bytes == '<')
        return ping_gpx_read;
    if (*bytes == '[')
        return ping_json_read;
    return *bytes == '{' ? ping_json_read_lines : ping_csv_read;
}

static bool is_ledger(const char *path)
{
    struct fault unheard; // read_text says it
    FILE *file = textfile_open(path, INT64_MAX, &unheard);
    char head[sizeof ledger_head] = "";
    bool is = file != NULL && fread(head, sizeof head, 1, file) == 1 &&
              memcmp(head, ledger_head, sizeof head) == 0;

    if (file != NULL)
        fclose(file);
    return is;
}

static bool read_text(const char *path, const char *device, struct recording *out,
                      struct fault *why)
{
    size_t n = 0;
    char *bytes = read_bytes(path, &n, why);
    ping_reader *read = bytes != NULL ? reader_of(bytes, n) : NULL;
    bool ok =
        read != NULL &&
        read(&(struct ping_body){ .bytes = bytes, .n = n, .names = { device } }, take, out, why);

    out->exported = read == ping_csv_read || read == ping_gpx_read;
    free(bytes);
    return ok;
}

bool recording_read(const char *path, const char *device, struct recording *out, struct fault *why)
{
    struct fault cause;
    bool ok;

    *out = (struct recording){ 0 };
    ok = is_ledger(path) ? read_ledger(path, out, &cause) : read_text(path, device, out, &cause);
    if (ok && out->broken)
        ok = fault_set(&cause, "out of memory");
    return ok || fault_set(why, "%.300s: %.500s", path, cause.text);
}

void recording_fini(struct recording *recording)
{
    free(recording->pings);
}
