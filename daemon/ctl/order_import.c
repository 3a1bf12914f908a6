/* SPDX-License-Identifier: Apache-2.0 */
/* order_import.c - a file of other people's, by whichever reader is for it, into an order file. */
#include "adapter/textfile.h"
#include "core/zone.h"
#include "ctl/import_readers.h"
#include "ctl/order_kept.h"
#include "ctl/order_update.h"
#include "ctl/projection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* All of the file with a zero behind it; the caller frees. */
static char *read_file(const char *path, size_t *out_n, struct fault *why)
{
    FILE *file = textfile_open(path, IMPORT_BYTES_MAX, why);
    char *text = NULL;
    size_t room = 0, n = 0;

    if (file == NULL)
        return NULL;
    do {
        char *larger = realloc(text, (room = 2 * room + 65536) + 1);

        if (larger == NULL) {
            fault_set(why, FAULT_MEMORY);
            goto out;
        }
        text = larger;
        n += fread(text + n, 1, room - n, file);
    } while (n == room);
    if (!ferror(file)) {
        text[n] = '\0';
        *out_n = n;
        fclose(file);
        return text;
    }
    fault_set(why, "%s", strerror(errno));
out:
    free(text);
    fclose(file);
    return NULL;
}

static bool ends_in(const char *path, const char *end)
{
    size_t n = strlen(path), length = strlen(end);

    return n > length && strcasecmp(path + n - length, end) == 0;
}

static bool is_json(const char *text)
{
    text += strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    return text[strspn(text, " \t\r\n")] == '{';
}

/* By its name a table, by its first letter GeoJSON; what is neither is GDAL's to read. */
static bool read_any(struct import_rows *import, const char *path, struct fault *why)
{
    const char *layer = import->place->call->layer;
    size_t n = 0;
    char *text = read_file(path, &n, why), crs[32];
    bool ok = text != NULL;

    if (ok && (ends_in(path, ".csv") || ends_in(path, ".tsv"))) {
        ok = import_csv(import, text, n, why);
    } else if (ok && is_json(text) && layer == NULL) {
        size_t lead = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

        ok = import_geojson(import, text + lead, n - lead, "OGC:CRS84", why);
    } else if (ok) {
        free(text);
        text = import_by_ogr(import, path, crs, &n, why);
        ok = text != NULL && import_geojson(import, text, n, crs, why);
    }
    free(text);
    return ok;
}

/* `home` of maps/home.gpkg. */
static void stem_of(const char *path, char out[ORDER_FILE_NAME_MAX])
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;

    snprintf(out, ORDER_FILE_NAME_MAX, "%.*s", (int)strcspn(name, "."), name);
}

/* What is kept of a file that is replaced, to stand behind the sheet; the caller frees. */
static char *keep_old(struct import_rows *import, const char *name, bool *out_over,
                      struct fault *why)
{
    bool drawn = strcmp(import->each, "feature") == 0;
    struct fault unread;
    char *old = order_place_read(import->place, name, out_over, &unread), *kept = NULL;

    if (old != NULL)
        kept = order_kept(old, name, &import->sheet, drawn, why);
    else if (*out_over)
        fault_set(why, "%s", unread.text);
    free(old);
    return kept;
}

/* The text of what was read, with what is kept of a file that it replaces; the caller frees. */
static char *print_all(struct import_rows *import, const char *name, bool *out_over,
                       struct fault *why)
{
    char *fresh = NULL, *kept = NULL, *whole = NULL;
    bool ok = true;

    *out_over = false;
    if (import->place->call->replace) {
        kept = keep_old(import, name, out_over, why);
        ok = kept != NULL || !*out_over;
    }
    if (ok)
        ok = (fresh = order_sheet_print(&import->sheet)) != NULL || fault_set(why, FAULT_MEMORY);
    if (ok && asprintf(&whole, "%s%s", fresh, kept != NULL ? kept : "") < 0) {
        whole = NULL;
        fault_set(why, FAULT_MEMORY);
    }
    free(fresh);
    free(kept);
    return whole;
}

static bool import_file(struct import_rows *import, const char *path, struct fault *why)
{
    char stem[ORDER_FILE_NAME_MAX], name[ORDER_FILE_NAME_MAX], *text;
    struct fault cause;
    bool over, ok;

    stem_of(path, stem);
    if (!order_place_name(import->place->call, stem, name, why))
        return false;
    if (!read_any(import, path, &cause))
        return fault_set(why, "%.200s: %.300s", path, cause.text);
    if (import->rows == 0)
        return fault_set(why, "%.300s: has no %s to import", path, import->each);
    import_rows_tell_overruled(import);
    if (import->place->call->update)
        return order_update(import->place, &import->sheet, why);
    text = order_place_lock(import->place, why) ? print_all(import, name, &over, why) : NULL;
    ok = text != NULL;
    if (ok)
        order_place_show(text);
    ok = ok && order_place_put(import->place, name, text, over, why);
    free(text);
    return ok;
}

int order_import(const struct order_call *call, const char *file)
{
    struct order_place place = { .fd = -1 };
    struct import_rows import = { .place = &place, .each = "row" };
    struct fault why;
    bool ok = order_place_open(call, &place, &why);

    if (ok && call->crs != NULL)
        snprintf(import.crs, sizeof import.crs, "%s", call->crs);
    ok = ok && import_file(&import, file, &why);
    projection_destroy(import.projection);
    zone_maker_destroy(import.maker);
    order_sheet_fini(&import.sheet);
    order_place_close(&place);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
