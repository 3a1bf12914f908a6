/* SPDX-License-Identifier: Apache-2.0 */
#include "core/special.h"

#include <math.h> // frexp, ldexp, trunc and sqrt are exact
#include <stdint.h>
#include <string.h>

static const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;

/* a[0] + a[1] x + ... + a[n-1] x^(n-1). */
static double polynomial(const double *a, int n, double x)
{
    double sum = a[n - 1];

    for (int i = n - 2; i >= 0; i--)
        sum = sum * x + a[i];
    return sum;
}

/* x 2^k, of an x from 0.5 to 2: so is ldexp, which takes longer to look at what it has. */
static double scaled(double x, int k)
{
    uint64_t bits = (uint64_t)(k + 1023) << 52;
    double power;

    if (k < -1020 || k > 1020)
        return ldexp(x, k);
    memcpy(&power, &bits, sizeof power);
    return x * power;
}

double special_exp(double x)
{
    static const double p[] = { 1.66666666666666019037e-01, -2.77777777770155933842e-03,
                                6.61375632143793436117e-05, -1.65339022054652515390e-06,
                                4.13813679705723846039e-08 };
    double high, low, rest, square, c;
    int k;

    if (!(x > -745.2))
        return isnan(x) ? x : 0;
    if (x > 709.79)
        return INFINITY;
    k = (int)(x * 1.44269504088896338700 + (x < 0 ? -0.5 : 0.5));
    high = x - k * ln2_high;
    low = k * ln2_low;
    rest = high - low;
    square = rest * rest;
    c = rest - square * polynomial(p, 5, square);
    return scaled(1 - ((low - rest * c / (2 - c)) - high), k);
}

double special_log(double x)
{
    static const double p[] = { 6.666666666666735130e-01, 3.999999999940941908e-01,
                                2.857142874366239149e-01, 2.222219843214978396e-01,
                                1.818357216161805012e-01, 1.531383769920937332e-01,
                                1.479819860511658591e-01 };
    double f, s, square, half;
    int k;

    if (!(x > 0) || isinf(x))
        return x == 0 ? -INFINITY : x > 0 ? x : NAN;
    f = frexp(x, &k);
    if (f < 0.70710678118654752440) {
        f *= 2;
        k--;
    }
    f -= 1;
    s = f / (2 + f);
    square = s * s;
    half = f * f / 2;
    return k * ln2_high -
           ((half - (s * (half + square * polynomial(p, 7, square)) + k * ln2_low)) - f);
}

double special_power(double base, double power)
{
    return special_exp(power * special_log(base));
}

/* exp(-y^2 / 2), without the error of y^2: y is split at its sixteenths. */
static double bell(double y)
{
    double coarse = trunc(y * 16) / 16, rest = (y - coarse) * (y + coarse);

    return special_exp(-coarse * coarse / 2) * special_exp(-rest / 2);
}

/* P(X > y) for y over 0.66. */
static double upper_tail(double y)
{
    static const double c[] = { 9842.7148383839780218,   11602.651437647350124,
                                6848.1904505362823326,   2494.5375852903726711,
                                597.27027639480026226,   93.506656132177855979,
                                8.8831497943883759412,   .39894151208813466764,
                                1.0765576773720192317e-8 };
    static const double d[] = { 19685.429676859990727, 38912.003286093271411, 34900.952721145977266,
                                18615.571640885098091, 6485.558298266760755,  1519.377599407554805,
                                235.38790178262499861, 22.266688044328115691, 1 };
    static const double p[] = {
        2.9112874951168792e-5, .001421619193227893466, .022235277870649807,
        .1274011611602473639,  .21589853405795699,     .02307344176494017303
    };
    static const double q[] = { 7.29751555083966205e-5, .00378239633202758244, .0659881378689285515,
                                .468238212480865118,    1.28426009614491121,   1 };
    static const double root = 0.39894228040143267794; // 1 / sqrt(2 pi)
    double square;

    if (y <= 5.65685424949238019521)
        return bell(y) * polynomial(c, 9, y) / polynomial(d, 9, y);
    square = 1 / (y * y);
    return bell(y) * (root - square * polynomial(p, 6, square) / polynomial(q, 6, square)) / y;
}

double special_normal(double x)
{
    static const double a[] = { 18154.981253343561249, 1067.6894854603709582, 161.02823106855587881,
                                2.2352520354606839287, .065682337918207449113 };
    static const double b[] = { 45507.789335026729956, 10260.932208618978205, 976.09855173777669322,
                                47.20258190468824187, 1 };
    double y = fabs(x);

    if (isnan(x))
        return x;
    if (y <= 0.67448975)
        return 0.5 + x * polynomial(a, 5, x * x) / polynomial(b, 5, x * x);
    if (y > 38)
        return x < 0 ? 0 : 1;
    return x < 0 ? upper_tail(y) : 1 - upper_tail(y);
}
