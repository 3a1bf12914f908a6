/* SPDX-License-Identifier: Apache-2.0 */
/*
 * earth.h - a flat frame that touches the WGS84 ellipsoid at one place, by way of earth-centred
 * coordinates. It shares no formula with the daemon's planes, which is why it may judge them: a
 * distance of 5 km from the centre comes out 0.5 mm short.
 */
#ifndef LIVE_EARTH_H
#define LIVE_EARTH_H

struct place {
    double lat, lon; /* degrees */
};

struct flat {
    double east, north; /* metres */
};

struct frame {
    struct place at;
    double origin[3], east[3], north[3], up[3];
};

struct frame frame_at(struct place at);
struct flat frame_flat(const struct frame *frame, struct place place);
struct place frame_place(const struct frame *frame, struct flat flat);

/*
 * Carries `place` rigidly from the one frame to the other, as if the
 * ellipsoid had been turned under it.
 */
struct place frame_move(const struct frame *from, const struct frame *to, struct place place);

#endif
