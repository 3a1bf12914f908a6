/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/print.h"

#include "adapter/text.h"

#include <stdarg.h>

enum { PIECE = 4096 };

bool print_bytes(FILE *out, const char *bytes, size_t n)
{
    char piece[PIECE];
    bool ok = true;

    for (size_t taken = 0; taken < n && ok;) {
        taken += text_escape(bytes + taken, n - taken, piece, sizeof piece);
        ok = fputs(piece, out) != EOF;
    }
    return ok;
}

__attribute__((format(printf, 2, 0))) static void put(FILE *out, const char *format, va_list args)
{
    char text[PRINT_MAX + 1];
    int n = vsnprintf(text, sizeof text, format, args);

    if (n > 0)
        print_bytes(out, text, n > PRINT_MAX ? PRINT_MAX : (size_t)n);
    if (n > PRINT_MAX)
        fputs("…", out);
}

void print_part(FILE *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    put(out, format, args);
    va_end(args);
}

void print_line(FILE *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    put(out, format, args);
    va_end(args);
    fputc('\n', out);
}
