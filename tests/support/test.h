/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test.h - cmocka, with what its header needs before it. Include it
 * last: it owns `fail` and `skip`.
 */
#ifndef SUPPORT_TEST_H
#define SUPPORT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
