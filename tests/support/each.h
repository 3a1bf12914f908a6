/* SPDX-License-Identifier: Apache-2.0 */
/*
 * each.h - for a test that does the same at each place in turn, and dies at it in a process of its
 * own: the sanitizers try every EACH-th place, as a fork is dear to them; the plain flavour all.
 */
#ifndef SUPPORT_EACH_H
#define SUPPORT_EACH_H

#ifdef __SANITIZE_ADDRESS__
enum { EACH = 5 };
#else
enum { EACH = 1 };
#endif

#endif
