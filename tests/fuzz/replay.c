/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c - gives a target every file of the folders named, without a fuzzer. */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static bool replay_file(const char *path)
{
    FILE *file = fopen(path, "re");
    uint8_t *bytes;
    long size;
    size_t n;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) {
        perror(path);
        return false;
    }
    rewind(file);
    bytes = malloc((size_t)size + 1);
    promise(bytes != NULL);
    n = fread(bytes, 1, (size_t)size, file);
    fclose(file);
    // Of exactly its size, so that a sanitizer sees who reads behind it.
    bytes = realloc(bytes, n > 0 ? n : 1);
    promise(bytes != NULL);
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(bytes, n);
    free(bytes);
    return true;
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    int replayed = 0;

    LLVMFuzzerTestOneInput(NULL, 0);
    for (int i = 1; i < argc; i++) {
        struct dirent **names = NULL;
        int n = scandir(argv[i], &names, is_input, alphasort);

        for (int k = 0; k < n; k++) {
            char path[1024];

            snprintf(path, sizeof path, "%s/%s", argv[i], names[k]->d_name);
            replayed += replay_file(path);
            free(names[k]);
        }
        free(names);
    }
    printf("%d inputs\n", replayed);
    return replayed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
