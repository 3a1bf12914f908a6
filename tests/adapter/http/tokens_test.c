/* SPDX-License-Identifier: Apache-2.0 */
/* The tokens file, the header that a token comes in, and how often it may be used. */
#include "adapter/http/tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/rows.h"
#include "support/scratch.h"

/* SHA-256 of "one" and "two". */
#define ONE "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
#define TWO "3FC4CCFE745870E2C0D99F71F30FF0656C8DEDD41CC1D7D3D376B0DBE685E2F3"

#define HASH_WANTED "not the 64 hexadecimal digits of a SHA-256\n"
#define NAME_WANTED "tokens:1: name: not 1..64 letters, digits, - _ .\n"

static const struct row {
    const char *says, *text, *want;
} rows[] = {
    { "an empty file", "", "" },
    { "a remark and an empty line", "# a\n\n  ; b\n", "" },
    { "a device", "tag " ONE " tag-1\n", "" },
    { "no line break at the end", "tag " ONE " tag-1", "" },
    { "tabs, and a line break of Windows", "tag\t" ONE "\t tag-1 \r\n", "" },
    { "a byte order mark", "\xEF\xBB\xBFtag " ONE " tag-1\r\n", "" },
    { "UTF-16", "\xFF\xFEt", "tokens:1: UTF-16, not UTF-8: save it as UTF-8\n" },
    { "several devices", "tag " ONE " tag-1,tag-2,tag-3\n", "" },
    { "any, and an operator", "any " ONE " *\nops " TWO " operator\n", "" },

    { "no hash", "tag\n", "tokens:1: tag: " HASH_WANTED },
    { "a short hash", "tag 7692c3ad tag-1\n", "tokens:1: tag: " HASH_WANTED },
    { "a long hash", "tag " ONE "0 tag-1\n", "tokens:1: tag: " HASH_WANTED },
    { "no hash but the token itself", "tag bd_secret tag-1\n", "tokens:1: tag: " HASH_WANTED },
    { "a bad name", "t@g " ONE " tag-1\n", NAME_WANTED },
    { "no devices", "tag " ONE "\n",
      "tokens:1: tag: says neither devices, nor *, nor operator, "
      "room or map\n" },
    { "a bad device", "tag " ONE " tag-1,t@g\n",
      "tokens:1: devices: \"t@g\" is not 1..64 letters, digits, - _ .\n" },
    { "an empty device", "tag " ONE " tag-1,\n",
      "tokens:1: devices: \"\" is not 1..64 letters, digits, - _ .\n" },
    { "a device twice", "tag " ONE " tag-1,tag-1\n",
      "tokens:1: devices: tag-1 stands there twice\n" },
    { "a blank between devices", "tag " ONE " tag-1, tag-2\n",
      "tokens:1: tag: more behind the devices: they are parted by commas alone\n" },
    { "a name twice", "tag " ONE " tag-1\n\ntag " TWO " tag-2\n",
      "tokens:3: tag: stands there twice\n" },
    { "a token twice", "a " ONE " tag-1\nb " ONE " operator\n",
      "tokens:2: b: the same token as a\n" },
    { "a private key, of which nothing is told", "-----BEGIN PRIVATE KEY-----\nMIIEvg\n",
      "tokens:1: this is a key or certificate in PEM, and no tokens\n" },
    { "all that is wrong", "a\nb " ONE " *\nc x *\n",
      "tokens:1: a: " HASH_WANTED "tokens:3: c: " HASH_WANTED },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct complaints complaints = { 0 };
    struct tokens *tokens;

    scratch_write("tokens", row->text);
    tokens = tokens_load("tokens", &complaints);
    assert_int_equal(tokens != NULL, row->want[0] == '\0');
    assert_complaints(row->says, &complaints, row->want);
    tokens_destroy(tokens);
}

static struct tokens *load(const char *text)
{
    struct complaints complaints = { 0 };
    struct tokens *tokens;

    scratch_write("tokens", text);
    tokens = tokens_load("tokens", &complaints);
    assert_complaints("a good file", &complaints, "");
    return tokens;
}

static void a_file_that_is_not_there_is_complained_of(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    assert_null(tokens_load("nowhere", &complaints));
    assert_complaints("none", &complaints, "nowhere: tokens: No such file or directory\n");
}

/* Opening the FIFO waited for a writer, and the start with it. */
static void a_file_that_is_none_is_complained_of(void **state)
{
    struct complaints folder = { 0 }, fifo = { 0 };
    (void)state;

    assert_null(tokens_load(".", &folder));
    assert_complaints("a folder", &folder, ".: tokens: Is a directory\n");
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_null(tokens_load("pipe", &fifo));
    assert_complaints("a FIFO", &fifo, "pipe: tokens: is no regular file\n");
}

static void a_nul_hides_nothing(void **state)
{
    static const char text[] = "tag " ONE " tag-1\0,tag-2\n";
    struct complaints complaints = { 0 };
    (void)state;

    scratch_write_bytes("tokens", text, sizeof text - 1);
    assert_null(tokens_load("tokens", &complaints));
    assert_complaints("a NUL", &complaints, "tokens:1: holds a NUL\n");
}

static void a_token_is_found_by_its_secret_alone(void **state)
{
    struct tokens *tokens = load("tag " ONE " tag-1,tag-2\nops " TWO " operator\n");
    (void)state;

    assert_string_equal(tokens_find(tokens, "one")->name, "tag");
    assert_string_equal(tokens_find(tokens, "two")->name, "ops");
    assert_null(tokens_find(tokens, "three"));
    assert_null(tokens_find(tokens, ""));
    assert_null(tokens_find(tokens, ONE)); // who has read the file cannot come in by it
    tokens_destroy(tokens);
}

static void it_covers_its_devices_all_or_none(void **state)
{
    struct tokens *tokens = load("tag " ONE " tag-1,tag-2\nops " TWO " operator\n");
    const struct token *tag = tokens_find(tokens, "one"), *ops = tokens_find(tokens, "two");
    (void)state;

    assert_true(token_covers(tag, "tag-1") && token_covers(tag, "tag-2"));
    assert_false(token_covers(tag, "tag-3") || token_covers(tag, "tag-") || token_covers(tag, ""));
    assert_false(token_covers(ops, "tag-1"));
    tokens_destroy(tokens);
    tokens = load("any " ONE " *\n");
    assert_true(token_covers(tokens_find(tokens, "one"), "tag-9"));
    tokens_destroy(tokens);
}

static void a_rate_may_be_saved_up_for_ten_seconds_and_overdrawn_once(void **state)
{
    struct tokens *tokens = load("tag " ONE " tag-1\n");
    struct pace *pace = &tokens_find(tokens, "one")->pace;
    (void)state;

    assert_int_equal(pace_wait(pace, 2, TOKEN_BURST_S, (struct tick){ 1000000 }), 0);
    pace_charge(pace, 19);
    assert_int_equal(pace_wait(pace, 2, TOKEN_BURST_S, (struct tick){ 1000000 }), 0);
    pace_charge(pace, 100); // a batch: 99 more than there were
    assert_int_equal(pace_wait(pace, 2, TOKEN_BURST_S, (struct tick){ 1000000 }), 50);
    assert_int_equal(pace_wait(pace, 2, TOKEN_BURST_S, (struct tick){ 1049000 }), 1);
    assert_int_equal(pace_wait(pace, 2, TOKEN_BURST_S, (struct tick){ 1050000 }), 0);
    assert_int_equal(pace_wait(pace, 0, TOKEN_BURST_S, (struct tick){ 1000000 }),
                     0); // no rate, no end
    tokens_destroy(tokens);
}

static void a_made_token_is_known_by_its_line_and_no_two_are_alike(void **state)
{
    char secret[2][TOKEN_MADE_CHARS + 1], hex[2 * TOKEN_HASH_BYTES + 1], line[256];
    struct tokens *tokens;
    (void)state;

    assert_true(token_make(secret[0], hex));
    assert_true(token_make(secret[1], hex));
    assert_string_not_equal(secret[0], secret[1]);
    assert_int_equal(strlen(secret[1]), TOKEN_MADE_CHARS);
    snprintf(line, sizeof line, "made %s *\n", hex);
    tokens = load(line);
    assert_string_equal(tokens_find(tokens, secret[1])->name, "made");
    assert_null(tokens_find(tokens, secret[0]));
    tokens_destroy(tokens);
}

static void ten_thousand_tokens_are_read_and_not_one_more(void **state)
{
    struct complaints complaints = { 0 };
    char *text = malloc((TOKENS_MAX + 1) * 90), *at = text;
    struct tokens *tokens;
    (void)state;

    assert_non_null(text);
    for (int i = 0; i < TOKENS_MAX; i++)
        at += sprintf(at, "t%d %064x *\n", i, i);
    tokens = load(text);
    assert_non_null(tokens);
    tokens_destroy(tokens);
    sprintf(at, "more " ONE " *\n");
    scratch_write("tokens", text);
    assert_null(tokens_load("tokens", &complaints));
    assert_complaints("one more", &complaints, "tokens:10001: more than 10000 tokens\n");
    free(text);
}

/* ---- the header ---- */

#define X64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct header {
    const char *says, *text;
    const char *want; // USER:SECRET, NULL: refused
} headers[] = {
    { "Bearer", "Bearer abc", ":abc" },
    { "in small letters, with blanks", "bearer   abc", ":abc" },
    { "Basic", "Basic dGFnLTE6YWJj", "tag-1:abc" },
    { "Basic, padded once", "Basic dGFnLTE6YWI=", "tag-1:ab" },
    { "Basic, padded twice", "Basic dGFnLTE6YQ==", "tag-1:a" },
    { "a colon in the secret", "Basic dGFnLTE6YTpi", "tag-1:a:b" },
    { "128 letters", "Bearer " X64 X64, ":" X64 X64 },

    { "129 letters", "Bearer " X64 X64 "0", NULL },
    { "nothing behind", "Bearer ", NULL },
    { "nothing at all", "", NULL },
    { "another scheme", "Digest abc", NULL },
    { "no blank", "Bearerabc", NULL },
    { "no base64", "Basic !!!!", NULL },
    { "half a group", "Basic dGFnLTE6YWJ", NULL },
    { "padding alone", "Basic ====", NULL },
    { "padding in between", "Basic dG==LTE6YWJj", NULL },
    { "no colon", "Basic dGFn", NULL },
    { "no user", "Basic OmFi", NULL },
    { "no secret", "Basic dGFnLTE6", NULL },
    { "a user that is no name", "Basic dEBnOmFi", NULL },
    { "a NUL", "Basic dGFnLTE6YQBi", NULL },
    { "more than could be right", "Basic " X64 X64 X64 X64 X64 X64, NULL },
};

static void header_holds(void **state)
{
    const struct header *header = *state;
    struct credentials credentials;
    char got[NAME_MAX_CHARS + TOKEN_SECRET_MAX + 2];
    bool ok = credentials_read(header->text, &credentials);

    assert_int_equal(ok, header->want != NULL);
    if (!ok)
        return;
    snprintf(got, sizeof got, "%s:%s", credentials.user, credentials.secret);
    assert_string_equal(got, header->want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(a_file_that_is_not_there_is_complained_of),
        scratch_test(a_file_that_is_none_is_complained_of),
        scratch_test(a_nul_hides_nothing),
        scratch_test(a_token_is_found_by_its_secret_alone),
        scratch_test(it_covers_its_devices_all_or_none),
        scratch_test(a_rate_may_be_saved_up_for_ten_seconds_and_overdrawn_once),
        scratch_test(a_made_token_is_known_by_its_line_and_no_two_are_alike),
        scratch_test(ten_thousand_tokens_are_read_and_not_one_more),
    };

    return rows_hold_in("tokens_rows", rows, row_holds, scratch_setup, scratch_teardown) +
           rows_hold("headers", headers, header_holds) +
           cmocka_run_group_tests_name("tokens", tests, NULL, NULL);
}
