/* SPDX-License-Identifier: Apache-2.0 */
#include "core/pressed.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 8,
    MASK_WORDS = 64,
    MASKS_MAX = PRESSED_MAX / PRESSED_WORD / MASK_WORDS,
    ROOM_STEP = 32
};

/* Bytes of the masks: a bit for each word. */
static size_t mask_size(size_t size)
{
    return (size / PRESSED_WORD + MASK_WORDS - 1) / MASK_WORDS * sizeof(uint64_t);
}

/* Which of up to 64 words differ. */
static uint64_t find_unlike(const unsigned char *value, const unsigned char *blank, size_t words)
{
    uint64_t unlike = 0;

    for (size_t i = 0; i < words; i++) {
        uint64_t one, other;

        memcpy(&one, value + i * PRESSED_WORD, sizeof one);
        memcpy(&other, blank + i * PRESSED_WORD, sizeof other);
        unlike |= (uint64_t)(one != other) << i;
    }
    return unlike;
}

/* Fills the masks; how many words differ. */
static size_t find_all(const void *value, const void *blank, size_t size, uint64_t masks[MASKS_MAX])
{
    size_t words = size / PRESSED_WORD, n = 0;

    for (size_t i = 0; i < words; i += MASK_WORDS) {
        size_t some = words - i < MASK_WORDS ? words - i : MASK_WORDS, at = i * PRESSED_WORD;
        uint64_t unlike =
            find_unlike((const unsigned char *)value + at, (const unsigned char *)blank + at, some);

        masks[i / MASK_WORDS] = unlike;
        n += (size_t)__builtin_popcountll(unlike);
    }
    return n;
}

static bool make_room(struct pressed *pressed, size_t size)
{
    size_t room = (size + ROOM_STEP - 1) / ROOM_STEP * ROOM_STEP;
    unsigned char *bytes = size > pressed->room ? realloc(pressed->bytes, room) : pressed->bytes;

    if (bytes == NULL)
        return false;
    pressed->bytes = bytes;
    pressed->room = (unsigned short)(size > pressed->room ? room : pressed->room);
    return true;
}

bool press(struct pressed *pressed, const void *value, const void *blank, size_t size)
{
    uint64_t masks[MASKS_MAX];
    size_t n = find_all(value, blank, size, masks);
    unsigned char *to;

    assert(size % PRESSED_WORD == 0 && size <= PRESSED_MAX);
    if (n == 0) {
        pressed_free(pressed);
        return true;
    }
    if (!make_room(pressed, mask_size(size) + n * PRESSED_WORD))
        return false;
    pressed->size = (unsigned short)(mask_size(size) + n * PRESSED_WORD);
    memcpy(pressed->bytes, masks, mask_size(size));
    to = pressed->bytes + mask_size(size);
    for (size_t i = 0; i < size / PRESSED_WORD; i += MASK_WORDS) {
        // A word that differs each turn.
        for (uint64_t left = masks[i / MASK_WORDS]; left != 0; left &= left - 1) {
            size_t word = i + (size_t)__builtin_ctzll(left);

            memcpy(to, (const unsigned char *)value + word * PRESSED_WORD, PRESSED_WORD);
            to += PRESSED_WORD;
        }
    }
    return true;
}

void unpress(const struct pressed *pressed, void *value, const void *blank, size_t size)
{
    uint64_t masks[MASKS_MAX] = { 0 };
    const unsigned char *from;

    memcpy(value, blank, size);
    if (pressed->size == 0)
        return;
    memcpy(masks, pressed->bytes, mask_size(size));
    from = pressed->bytes + mask_size(size);
    for (size_t i = 0; i < size / PRESSED_WORD; i += MASK_WORDS) {
        // A word that differs each turn.
        for (uint64_t left = masks[i / MASK_WORDS]; left != 0; left &= left - 1) {
            size_t word = i + (size_t)__builtin_ctzll(left);

            memcpy((unsigned char *)value + word * PRESSED_WORD, from, PRESSED_WORD);
            from += PRESSED_WORD;
        }
    }
}

void pressed_free(struct pressed *pressed)
{
    free(pressed->bytes);
    *pressed = (struct pressed){ 0 };
}
