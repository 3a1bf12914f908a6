/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scene.h - one respondent, R-1 at first, with the devices tag and phone at first and one order
 * or two, before core alone: places are metres around a point in Basildon, and each alert becomes a
 * line of text. What cannot be made fails the test on the spot, so nothing returns an error.
 */
#ifndef SUPPORT_SCENE_H
#define SUPPORT_SCENE_H

#include "core/memory.h"
#include "core/safe_region.h"
#include "core/timeline.h"
#include "core/vicinity.h"

enum { SCENE_ZONES_MAX = QUESTION_ZONES_MAX, SCENE_PERMITS_MAX = 4, SCENE_DEVICES = 2 };
enum { SCENE_ASKED_MAX = 20000 }; /* boundaries in one pass of time */
enum { SCENE_DEVICES_MAX = 6 };   /* of all loads together */
enum { SCENE_NAME_MAX = 24, SCENE_LINES_MAX = 2 * OUTCOME_ALERTS_MAX, SCENE_LINE_MAX = 400 };

struct scene_zone {
    char name[SCENE_NAME_MAX];
    double east, north, radius, warn;
    bool second; /* of the second order */
    bool scheduled;
    struct schedule schedule;
};

struct scene_permit {
    char id[SCENE_NAME_MAX], zones[SCENE_NAME_MAX]; /* no zones: all of them */
    struct utc from, until;
    bool weekly;
    struct schedule every;
};

/* What an order file would say; the second order is one when it has a zone. */
struct scene_draft {
    struct utc from, served, until;
    struct utc second_from, second_served, second_until;
    char respondent[SCENE_NAME_MAX];
    char devices[SCENE_DEVICES_MAX][SCENE_NAME_MAX];
    size_t n_devices, n_zones, n_permits;
    struct scene_zone zones[SCENE_ZONES_MAX];
    struct scene_permit permits[SCENE_PERMITS_MAX];
};

struct scene {
    struct scene_draft draft;
    struct detect detect;
    struct device_kinds kinds;
    struct utc clock; /* ours; UTC_ALWAYS before anything happened */
    struct utc due;   /* the next boundary */
    size_t asked;     /* boundaries judged so far, and how many may be in this pass of time */
    size_t asked_most;
    char day[16]; /* alerts of this day are shown without their date */
    struct rulebook *rules;
    struct watch watch;
    const struct respondent *who;
    struct known_device devices[SCENE_DEVICES_MAX]; /* tag, phone, and others as they came */
    struct estimate estimates[SCENE_DEVICES_MAX];   /* that they show, near or far */
    char device_names[SCENE_DEVICES_MAX][SCENE_NAME_MAX];
    size_t n_known;
    struct scene_memory {
        char name[SCENE_NAME_MAX];
        struct incident incident;
    } memory[SCENE_ZONES_MAX]; /* by zone, over reloads */
    size_t n_memory;
    struct known_device *device_views[SCENE_DEVICES_MAX];
    struct incident *incident_views[SCENE_ZONES_MAX];
    struct track track;
    struct safety *safety;       /* which the track shows, */
    bool shows_all;              /* unless every ping is to be shown to every zone */
    struct memory before, whole; /* what was known before the newest question: see ask() */
    struct timeline timeline;
    bool by_vicinity; /* asked about what a question can be about, and not about all zones */
    struct surroundings around;
    struct vicinity view;
    struct outcome out;       /* of the newest question */
    uint32_t devices_changed; /* of all that was asked since scene_hush() */
    struct zone_set incidents_changed;
    size_t n_lines; /* told since scene_hush() */
    char lines[SCENE_LINES_MAX][SCENE_LINE_MAX];
    void (*on_alert)(const struct alert *alert, void *arg); /* NULL: nobody else listens */
    void *on_alert_arg;
};

struct lonlat scene_place(double east, double north);

/*
 * An order since 2020, served, open-ended, without zones; the thresholds are the shipped ones, but
 * a device is silent only after a year: silence has its own stories.
 */
#define SCENE_SILENT_MS (365 * 86400000LL)
struct scene *scene_create(void);
void scene_destroy(struct scene *scene);

/* Adds a zone to the draft, or replaces the one of that name; the caller may go on to fill it. */
struct scene_zone *scene_zone(struct scene *scene, const char *name, double east, double north,
                              double radius, double warn);
void scene_remove(struct scene *scene, const char *name);

/* From the next load on these are carried, in this order, parted by blanks. */
void scene_carry(struct scene *scene, const char *devices);
struct known_device *scene_device(struct scene *scene, const char *name);

/*
 * The draft becomes the rules; the second time it is a reload. Everybody is judged by them: now,
 * or, while our clock has not been set, when the first thing happens.
 */
void scene_load(struct scene *scene);

/* Time passes, and each boundary is judged at its own instant. */
void scene_pass(struct scene *scene, struct utc until);

/* A ping that comes when our clock shows `received`: time passes until then. */
struct ping scene_ping_of(const char *device, struct utc time, double east, double north);
void scene_ping(struct scene *scene, const struct ping *ping, struct utc received);

/* "breach home/1/2 critical 20:14:05 tag rule 7: inside by 42 m, accuracy 8 m" */
void scene_print(const struct scene *scene, const struct alert *alert, char line[SCENE_LINE_MAX]);
void scene_hush(struct scene *scene);

#endif
