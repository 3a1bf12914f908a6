/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519: the vectors of RFC 8032, and keys that are none. */
#include "adapter/ledger/signature.h"

#include <stdio.h>
#include <string.h>

#include "support/scratch.h"
#include "support/test.h"

#define BEGIN_KEY "-----BEGIN PRIVATE KEY-----\n"
#define END_KEY   "-----END PRIVATE KEY-----\n"

/*
 * RFC 8032, 7.1, tests 1 to 3: the secret key in PKCS #8, the message, its signature, and the
 * public key, all but the message as base64.
 */
static const struct vector {
    const char *key, *message;
    size_t n;
    const char *signature, *public;
} vectors[] = {
    { "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g", "", 0,
      "5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw==",
      "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" },
    { "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7", "\x72", 1,
      "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA==",
      "MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=" },
    { "MC4CAQAwBQYDK2VwBCIEIMWqjfQ/n4N77bdELzHct7Fm04U1B28JS4XOOi4LRFj3", "\xaf\x82", 2,
      "YpHWV97sJAJIJ+acOr4BowzlSKKEdDpEXjaA19taw6wY/5tTjRbykK5n92CYTcZZSnwV6XFu0o3AJ77O6h7ECg==",
      "MCowBQYDK2VwAyEA/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=" },
};

static void write_key(const char *name, const char *base64)
{
    char text[512];

    snprintf(text, sizeof text, BEGIN_KEY "%s\n" END_KEY, base64);
    scratch_write(name, text);
}

static void it_signs_as_the_rfc_does_and_tells_the_public_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        char signature[SIGNATURE_TEXT], key[SIGNATURE_KEY_MAX], want[SIGNATURE_KEY_MAX];
        struct fault why;

        write_key("key", vectors[i].key);
        if (!signature_make("key", vectors[i].message, vectors[i].n, signature, key, &why))
            fail_msg("%s", why.text);
        assert_string_equal(signature, vectors[i].signature);
        snprintf(want, sizeof want, "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n",
                 vectors[i].public);
        assert_string_equal(key, want);
    }
}

static void any_other_key_is_refused_and_not_quoted(void **state)
{
    static const struct {
        const char *file, *text, *why;
    } rows[] = {
        { "gone", NULL, "gone: No such file or directory" },
        { "empty", "", "no private key in PEM form" },
        { "text", "secret-words\n", "no private key in PEM form" },
        { "half", BEGIN_KEY "MC4CAQAwBQYDK2VwBCIEIJ1h\n" END_KEY, "no private key in PEM form" },
        { "x25519",
          BEGIN_KEY "MC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6UduSwq\n" END_KEY,
          "not an Ed25519 key" },
        { ".", NULL, ".: Is a directory" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char signature[SIGNATURE_TEXT] = "as it was", key[SIGNATURE_KEY_MAX];
        struct fault why = { .text = "" };

        if (rows[i].text != NULL)
            scratch_write(rows[i].file, rows[i].text);
        assert_false(signature_make(rows[i].file, "x", 1, signature, key, &why));
        if (strstr(why.text, rows[i].why) == NULL || strstr(why.text, "secret") != NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", rows[i].file, why.text, rows[i].why);
        assert_string_equal(signature, "as it was");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(it_signs_as_the_rfc_does_and_tells_the_public_key),
        scratch_test(any_other_key_is_refused_and_not_quoted),
    };

    return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
