/* SPDX-License-Identifier: Apache-2.0 */
/* import_wkt.c - a shape's text with every place of it in WGS84. Whether it is one GEOS tells. */
#include "ctl/import_readers.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* `SRID=27700;` gives EPSG:27700; *text moves past it. */
static void take_srid(const char **text, char crs[64])
{
    int read = 0;
    long code;

    if (sscanf(*text, " %*1[Ss]%*1[Rr]%*1[Ii]%*1[Dd] = %ld ; %n", &code, &read) != 1 || read == 0)
        return;
    snprintf(crs, 64, "EPSG:%ld", code);
    *text += read;
}

/* One corner: its first two numbers; those of heights and measures are passed over. */
static bool put_corner(struct import_rows *import, const char *crs, const char **text, FILE *file,
                       struct fault *why)
{
    char *end_x, *end_y;
    double x = strtod(*text, &end_x), y = strtod(end_x, &end_y);
    struct lonlat at;

    if (end_x == *text || end_y == end_x)
        return fault_set(why, "wkt: a corner without two numbers");
    if (!import_rows_place(import, crs, x, y, &at, why))
        return false;
    import_rows_degrees(file, at.lon);
    fputc(' ', file);
    import_rows_degrees(file, at.lat);
    *text = end_y + strspn(end_y, " \t0123456789+-.eE");
    return true;
}

/* Letters in front of a bracket, without `Z`, `M` or `ZM` behind a blank. */
static void put_word(const char **text, FILE *file)
{
    size_t n = strspn(*text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    if (n > 2 && strncasecmp(*text, "EMPTY", 5) != 0)
        fprintf(file, "%.*s ", (int)n, *text);
    else if (n > 2)
        fprintf(file, "%.*s", (int)n, *text);
    *text += n;
}

char *import_wkt(struct import_rows *import, const char *text, struct fault *why)
{
    char *made = NULL, crs[64] = "";
    size_t n = 0;
    FILE *file = open_memstream(&made, &n);
    bool ok = file != NULL || fault_set(why, FAULT_MEMORY);

    take_srid(&text, crs);
    while (ok && *text != '\0') {
        text += strspn(text, " \t\r\n");
        if (isalpha((unsigned char)*text))
            put_word(&text, file);
        else if (*text != '\0' && strchr("+-.0123456789", *text) != NULL)
            ok = put_corner(import, crs[0] != '\0' ? crs : NULL, &text, file, why);
        else if (*text == ',')
            ok = fputs(", ", file) != EOF && text++;
        else if (*text != '\0')
            fputc(*text++, file);
    }
    if (file != NULL && (fclose(file) != 0 || made == NULL) && ok)
        ok = fault_set(why, FAULT_MEMORY);
    if (ok)
        return made;
    free(made);
    return NULL;
}
