/* SPDX-License-Identifier: Apache-2.0 */
/*
 * belief.h - where one device is, as far as its fixes tell: a bounded mixture of Gaussians. A
 * component is one hypothesis: how he goes (still, on foot or by cycle, driven), how good the
 * receiver is (usual, wild), and a Gaussian over place p, velocity v and the receiver's slow error
 * u. All noise is round, so east and north share one 3 x 3 covariance. With every fix each one is
 * predicted in every way that it can go on, is weighed by how well it foretold the fix, and likely
 * ones are kept: an interacting-multiple-model filter (Blom & Bar-Shalom, IEEE TAC 33 (1988) 780;
 * Bar-Shalom, Li & Kirubarajan, Estimation with Applications to Tracking and Navigation, 2001, ch.
 * 11), with the slow error as a state (Friedland, IEEE TAC 14 (1969) 359), kept small by merging
 * (Salmond, SPIE 1305 (1990) 434). In metres and seconds:
 *
 *     a fix      z = p + s u + e,  e ~ N(0, (1 - rho) s^2)
 *     its scale  s = c sqrt((k A)^2 + floor^2) / 1.5096
 *     slow error u' = a u + noise,  a = exp(-dt / tau);  variance rho, 16 when wild
 *     going      v' = e v + noise,  p' = p + tau (1 - e) v + noise,  e = exp(-dt / tau)
 *                Qpp = s2 tau (2 T - tau (3 - 4 e + e^2)),  Qpv = s2 tau (1 - e)^2,
 *                Qvv = s2 (1 - e^2),  with T = dt and the variance s2
 *
 * A is the 68 % radius that the fix tells (that of a round Gaussian is 1.5096 sd), c what was
 * learnt of the device's own errors; the filter's H is [1, 0, s]. The slow error is in units of s
 * and stays so many metres: from one accuracy to another it is rescaled. A fix whose s is more than
 * a fifth greater or less than that of the one before is of another kind: a is then times the
 * fourth power of the lesser s over the greater. The error of a wild receiver has a tau of its own,
 * when it tells its accuracy and no mast's: multipath lasts until it is gone, and then the error is
 * drawn anew. It is that of who rests and of who walks, as of two modes the one with the steadier
 * error foretells each fix more sharply: who walks on after multipath would be one at rest whose
 * error goes for a walk. No error goes as fast as a car, from which each street looks another.
 * Going is an Ornstein-Uhlenbeck velocity.
 *
 * A fix has four explanations. Good: the Kalman update. Lost: nothing is learnt of it, and its
 * density 1 / (12 pi (r^2 + 9 s^2 + 2 Ppp)) is free of scale in the distance r. Moved unseen: the
 * same density, but the carrier drives there now. So after one leap both hypotheses live, and the
 * next fix decides. Frozen, the very same place again: no fix at all.
 *
 * Deterministic: the same fixes give the same bytes on every machine with IEEE 754 doubles (see
 * special.h). No heap, no state elsewhere. Of a device on the map it is asked by estimate.h.
 */
#ifndef CORE_BELIEF_H
#define CORE_BELIEF_H

#include "core/instant.h"
#include "core/plane.h"

#include <stdbool.h>
#include <stdint.h>

enum belief_mode { BELIEF_STILL, BELIEF_WALK, BELIEF_DRIVE, BELIEF_MODES };
enum belief_quality { BELIEF_USUAL, BELIEF_WILD, BELIEF_QUALITIES };

enum { BELIEF_COMPONENTS = 6, BELIEF_ORIGINS = 4 }; /* the heaviest */

/* Metres: a fix of worse accuracy is a mast's. */
#define BELIEF_MAST_M 200.0

/* The constants of the model; belief_usual are those measured, see belief_model.c. */
struct belief_model {
    /* Measurement. */
    double scale, floor;           /* k; metres */
    double rho;                    /* 0..1: part of the variance that is slow */
    double error_still_s;          /* tau of the slow error at rest, */
    double error_going_s;          /* in motion, */
    double error_wild_s;           /* and of a wild receiver, but of who is driven */
    double wild;                   /* sd of the slow error when wild, in units of s */
    double to_wild, to_usual;      /* 1/s */
    double lost, lost_mast, moved; /* prior probabilities of these explanations */
    double moved_s;                /* seconds after which he can have moved unseen */
    double unknown, unknown_times; /* metres for an accuracy that is not told; times as much */
    double unknown_share;          /* with this probability */
    double learn_reported, learn_unknown;              /* rate of c */
    double least_unknown, most_unknown, most_reported; /* c's range; at least 1 when told */
    double learn_gap_s;                                /* quicker fixes do not make c smaller */
    /* Motion. */
    double creep;                                  /* m2/s: who is still diffuses */
    double speed[BELIEF_MODES], tau[BELIEF_MODES]; /* m/s an axis; s. Of still: unused */
    double stay_s[BELIEF_MODES];                   /* mean seconds in a mode */
    double homing; /* of those at rest, who is so again after any gap */
    double still_to_drive, walk_to_drive, drive_to_walk;
    /* Who comes. */
    double come_s, settle_s; /* of sure motion, that make a comer; of rest, that make none */
    double lean;             /* log odds of inside, of who came and is near an edge */
};
extern const struct belief_model belief_usual;

struct belief_component {
    double weight;
    struct metres at, velocity, slow; /* p, v, u */
    double pp, pv, pu, vv, vu, uu;    /* the covariance, an axis */
    uint32_t mode, quality;
};

/* What a component was a fix before. */
struct belief_origin {
    struct metres at, velocity;
    double pp, pv, vv;
    uint32_t mode, born; /* born: by that fix, and has no way */
};

/* Zeroed is of a device never heard of. */
struct belief {
    struct utc when;    /* of the newest fix that was none of the frozen, */
    struct metres last; /* and where it was */
    double scale;       /* c */
    double deviation;   /* s of the newest fix, metres; 0: not noted */
    double rested;      /* seconds in a row in which he was likelier at rest */
    double came;        /* 0..1: how surely he came here lately, and was not here before */
    uint32_t n;         /* components; their weights add up to 1 */
    uint32_t frozen;    /* fixes in a row that came again */
    double seconds;     /* since the fix before; 0: there was none */
    struct belief_component components[BELIEF_COMPONENTS];
    struct belief_origin origins[BELIEF_ORIGINS]; /* of those, before the newest fix */
};

struct belief_fix {
    struct utc when;
    struct metres at; /* in the plane that the belief is in, within 1e8 m */
    double accuracy;  /* metres, 68 % radius; NaN: not told */
};

/* The ways that led to each component, for belief_evaluate and belief_way until the next fix. */
struct belief_step {
    double seconds;     /* 0: no way is known */
    double density;     /* 1/m2: of the fix, as it was foretold; 0: nothing was foretold */
    struct metres last; /* where the fix before was, */
    double deviation;   /* and its s, metres; 0: not noted */
    double rested;      /* as the belief had it before */
    struct belief_origin origins[BELIEF_COMPONENTS];
    double seconds_before; /* and of the fix before that, of the heaviest */
    struct belief_origin before[BELIEF_COMPONENTS];
};

/*
 * Takes in one fix. Always fills *out_step. False, and the belief is as it was, byte for byte, when
 * the fix is not later than the newest (by a millisecond at least), is nowhere, or tells an
 * accuracy that is none (0, -1, infinity). The very same place again changes nothing but `frozen`,
 * and is true.
 */
bool belief_hear(const struct belief_model *model, struct belief *belief,
                 const struct belief_fix *fix, struct belief_step *out_step);

/* An area: metres from its edge, negative inside, or what is beyond `horizon`; NaN: no answer. */
struct belief_zone {
    double (*distance)(const void *area, struct metres at, double horizon);
    const void *area;
    double radius; /* of a circle; NaN: it is none */
};

/*
 * The probability that he is inside, 0..1; 0 of who was never heard of. NaN when the map gives no
 * answer. Against a zone wide beside the component's sd, Phi(-d / sd); of a circle, Sankaran's
 * normal form of the noncentral chi-square (Biometrika 50 (1963) 199), within 0.02; else the mean
 * of six points on a ring of radius sd, each with what is left of the variance: within 0.06 while
 * the zone is four sd wide, too much of a smaller one.
 */
double belief_inside(const struct belief *belief, const struct belief_zone *zone);

/*
 * The same, of a device in motion or that came lately, with what is known of comers: of those who
 * come to an edge more go in than stop before it, `model->lean` in log odds. It is added, by how
 * surely he came, to each component that rests, or goes and comes nearer; none that goes by or away
 * has it, and the less of one the vaguer it is beyond 40 m: who is somewhere about has not come to
 * an edge. `inside` is that probability. `proven` leaves out hypotheses for which this fix alone
 * speaks: those of who had rested for BELIEF_RESTED_S and came farther from the way that he went,
 * or from where he was, than 30 m and two sd together. So a lone leap is never proven, however well
 * he could have driven there: the next fix is.
 */
#define BELIEF_RESTED_S 300.0
struct belief_view {
    double inside, proven;
};
struct belief_view belief_evaluate(const struct belief_model *model, const struct belief *belief,
                                   const struct belief_step *step, const struct belief_zone *zone);

/*
 * The probability that he was inside at some time since the fix before, at the least: 0 after a gap
 * of more than BELIEF_WAY_S, of who rests, and after a frozen fix. Each component's start is
 * smoothed one step back (Rauch, Tung & Striebel, AIAA J. 3 (1965) 1445); between start and end
 * goes a cubic Hermite curve, the mean of integrated white acceleration q between known ends, with
 * its variance q T^3 t^3 (1 - t)^3 / 3 and what the ends leave open. The largest of its points is a
 * lower bound of the probability of hitting.
 */
#define BELIEF_WAY_S 300.0
double belief_way(const struct belief_model *model, const struct belief *belief,
                  const struct belief_step *step, const struct belief_zone *zone);

/*
 * The same of the gap before that, seen from where each component has gone on to: it says how he
 * came to that gap's end, and so where he turned. A way that turns sharply is as likely one with a
 * single corner, as roads have them, as the curve.
 */
double belief_way_before(const struct belief_model *model, const struct belief *belief,
                         const struct belief_step *step, const struct belief_zone *zone);

/*
 * The probability that he was inside when the fix before this one was taken, seen from now: each
 * component's start, smoothed as for belief_way. Who drove in, was seen once and drove on was
 * there; of a receiver that leapt, the hypothesis that he never went is the likelier again. 0 after
 * a gap of more than BELIEF_WAY_S, and after a frozen fix.
 */
double belief_was(const struct belief_model *model, const struct belief *belief,
                  const struct belief_step *step, const struct belief_zone *zone);

/*
 * The probability that he goes and will be inside, or no farther than `within` metres from the
 * edge, within so many seconds, at the least: 0..1, 0 of who rests. NaN of who was never heard of,
 * and when the map gives no answer. Each component that goes is told on by its mean
 *
 *     p' = p + tau (1 - e) v,   variance  pp + 2 b pv + b^2 vv + Qpp / 4,  b = tau (1 - e)
 *
 * which is a straight way, ever slower (e and Qpp as above; but for the quarter, the prediction of
 * Bar-Shalom, Li & Kirubarajan, ch. 6). A way that passes the edge d metres off leads into a zone
 * of width w, in metres, for the part Phi(-d / sd) - Phi(-(d + w) / sd) of what lies across it,
 * whenever he comes by: time and place along the way are then as good as sure (conflict probability
 * of two aircraft: Paielli & Erzberger, J. Guidance 20 (1997) 588). The likelier of two instants
 * counts: that after d + w / 2, and that at which a circle of width w is nearest. A quarter of Qpp
 * is what separates best who comes from who passes by: tests/bench/detect/ENGINES.md. The map is
 * asked at most three times a component.
 */
double belief_soon(const struct belief_model *model, const struct belief *belief, double seconds,
                   const struct belief_zone *zone, double width, double within);

/* The probability that he goes, on foot or driven. */
double belief_going(const struct belief *belief);

#endif
