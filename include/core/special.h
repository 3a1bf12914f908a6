/* SPDX-License-Identifier: Apache-2.0 */
/*
 * special.h - exp, log and the normal distribution to the same last bit on every machine.
 *
 * IEEE 754 fixes the bits of + - * / and sqrt, not those of exp, log and erf: two C libraries
 * differ in the last. What a ledger's evidence is judged by again must not. These are made of what
 * IEEE 754 fixes, in doubles, and core is compiled without contraction to FMA.
 */
#ifndef CORE_SPECIAL_H
#define CORE_SPECIAL_H

/*
 * Within 1 ulp. 0 below -745.2, infinite over 709.79; NaN stays NaN. (fdlibm, Sun Microsystems
 * 1993: Cody-Waite reduction by ln 2, and a rational function with the polynomial of Remez.)
 */
double special_exp(double x);

/* Within 1 ulp. -infinity for 0, NaN below. (fdlibm.) */
double special_log(double x);

/* base^power for base > 0: exp(power log base), within 1e-13 of itself for results up to 1e40. */
double special_power(double base, double power);

/*
 * P(X <= x) of a standard normal X, within 1e-15 of itself down to x = -10, within 1e-14 down to
 * -37.5, then 0. (W. J. Cody, ACM TOMS 19 (1993) 22, algorithm 715, ANORM.)
 */
double special_normal(double x);

#endif
