/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates for one test, made by the openssl command: nothing of them outlives the testbed. */
#include "support/testbed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "support/test.h"

/* Runs `line` by the shell in the testbed's folder. */
static void run(const struct testbed *testbed, const char *line)
{
    struct path out = testbed_path(testbed, "openssl.out");
    char script[1024];
    const char *argv[] = { "sh", "-c", script, NULL };
    struct child child;
    int status;

    snprintf(script, sizeof(script), "cd %s && %s", testbed->dir, line);
    child = child_start(&(struct command){ .argv = argv, .out = out.text, .err = out.text });
    assert_true(child_ends(&child, PATIENCE_MS, &status));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("%s: see openssl.out", line);
}

void testbed_make_ca(const struct testbed *testbed, const char *name)
{
    char line[512];

    snprintf(line, sizeof(line),
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
             "-subj /CN=%s -keyout %s.key -out %s.pem",
             name, name, name);
    run(testbed, line);
}

void testbed_make_certificate(const struct testbed *testbed, const char *ca, const char *name,
                              const char *subject, const char *names)
{
    char line[1024];

    snprintf(line, sizeof(line),
             "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '%s' "
             "-addext 'subjectAltName=%s' -keyout %s.key -out %s.csr && "
             "openssl x509 -req -in %s.csr -CA %s.pem -CAkey %s.key -CAcreateserial -days 2 "
             "-copy_extensions copy -out %s.pem",
             subject, names, name, name, name, ca, ca, name);
    run(testbed, line);
}

int testbed_curl(struct testbed *testbed, const char *options, const char *path)
{
    struct path out = testbed_path(testbed, "curl.out"), err = testbed_path(testbed, "curl.err");
    char script[1024], *text;
    const char *argv[] = { "sh", "-c", script, NULL };
    struct child child;
    int status, code = 0;

    testbed_hear(testbed);
    snprintf(script, sizeof(script),
             "cd %s && exec curl -sS -i --max-time 20 -w '\\n%%{http_code}' %s "
             "'https://localhost:%d%s'",
             testbed->dir, options, testbed->http_port, path);
    child = child_start(&(struct command){ .argv = argv, .out = out.text, .err = err.text });
    assert_true(child_ends(&child, 2 * PATIENCE_MS, &status));
    text = testbed_read(testbed, "curl.out");
    assert_non_null(text);
    if (strrchr(text, '\n') != NULL)
        code = atoi(strrchr(text, '\n') + 1);
    free(testbed->body);
    testbed->body = text;
    return code;
}
