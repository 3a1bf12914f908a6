/* SPDX-License-Identifier: Apache-2.0 */
/* Any tokens file, and any Authorization header. */
#include "adapter/http/tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

static void try_file(const uint8_t *bytes, size_t n)
{
    struct complaints complaints = { 0 };
    struct tokens *tokens;
    char path[128];

    fuzz_write("tokens", bytes, n);
    snprintf(path, sizeof path, "%s/tokens", fuzz_folder());
    tokens = tokens_load(path, &complaints);
    promise((tokens == NULL) == (complaints.errors > 0));
    for (size_t i = 0; i < complaints.n; i++)
        promise(strncmp(complaints.kept[i].text, path, strlen(path)) == 0);
    // "secret" is the one token of which the corpus has the hash.
    if (tokens != NULL && tokens_find(tokens, "secret") != NULL)
        promise(name_valid(tokens_find(tokens, "secret")->name));
    if (tokens != NULL)
        promise(tokens_find(tokens, "another") == NULL);
    tokens_destroy(tokens);
    complaints_fini(&complaints);
}

static void try_header(const char *text)
{
    struct credentials credentials;

    if (!credentials_read(text, &credentials))
        return;
    promise(credentials.secret[0] != '\0' && strlen(credentials.secret) <= TOKEN_SECRET_MAX);
    promise(credentials.user[0] == '\0' || name_valid(credentials.user));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = as_text(bytes, n);

    try_file(bytes, n);
    try_header(text);
    free(text);
    return 0;
}
