/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/ask.h"

#include "adapter/print.h"

#include <stdio.h>
#include <string.h>

/* The next line of stdin without its end and the blanks around; false: there is none. */
static bool read_answer(char out[ASK_MAX])
{
    char line[ASK_MAX];
    size_t n, lead;

    if (fgets(line, sizeof line, stdin) == NULL)
        return false;
    n = strlen(line);
    while (n > 0 && strchr(" \t\r\n", line[n - 1]) != NULL)
        n--;
    line[n] = '\0';
    lead = strspn(line, " \t");
    memmove(out, line + lead, n + 1 - (lead < n ? lead : n));
    return true;
}

bool ask_text(const char *question, const char *before, char out[ASK_MAX])
{
    char answer[ASK_MAX];
    bool kept = before[0] != '\0';

    print_part(stderr, "%s%s%s%s: ", question, kept ? " [" : "", before, kept ? "]" : "");
    fflush(stderr);
    if (!read_answer(answer))
        return false;
    if (answer[0] != '\0')
        strcpy(out, answer);
    else if (out != before)
        strcpy(out, before);
    return true;
}

bool ask_whether(const char *question)
{
    char answer[ASK_MAX];

    do {
        print_part(stderr, "%s [y/n]: ", question);
        fflush(stderr);
        if (!read_answer(answer))
            return false;
    } while (strcmp(answer, "y") != 0 && strcmp(answer, "n") != 0);
    return answer[0] == 'y';
}
