/* SPDX-License-Identifier: Apache-2.0 */
/*
 * init_stage.h - a folder of files on its way: written beside, under a name that nobody reads, and
 * moved to where it shall be once all of it is good. Nothing that is there is written over; what
 * was only shipped makes room (init_shipped.h).
 */
#ifndef CTL_INIT_STAGE_H
#define CTL_INIT_STAGE_H

#include "core/fault.h"

#include <signal.h>
#include <sys/types.h>

enum { INIT_PATH_MAX = 1024, INIT_NAMES_MAX = 16 };

enum init_reader {
    INIT_READ,    /* breachd reads it, and its group */
    INIT_SECRET,  /* breachd's user alone reads it: 0600 */
    INIT_OPERATOR /* who made it alone reads it, to hand it on: 0600 */
};

struct init_stage {
    char target[INIT_PATH_MAX]; /* the folder that is made */
    char path[INIT_PATH_MAX];   /* where it is until then; "": nowhere */
    int fd, target_fd;          /* -1: none */
    bool there;                 /* the target is a folder already */
    const char *shipped;        /* of the names; it makes room for ours; NULL: none */
    bool given;                 /* to this user and group, and not left to who runs */
    uid_t uid;
    gid_t gid;
    sigset_t mask; /* as it was before: meanwhile nobody is stopped half way */
};

/*
 * Begins. `user`: to whom its files are given (NULL: nobody), which root alone can do. False and
 * why: `target` is no folder, or holds one of the names (NULL ends them), which then stay as they
 * are. Always ends by init_stage_end, also after false.
 */
bool init_stage_begin(struct init_stage *stage, const char *target, const char *user,
                      const char *const *names, struct fault *why);

/*
 * A folder in it, or a file in one of those or in the stage itself, of this text. A folder that the
 * target has already is that one, and stays.
 */
bool init_stage_folder(const struct init_stage *stage, const char *name, enum init_reader reader,
                       struct fault *why);
bool init_stage_file(const struct init_stage *stage, const char *name, const char *text,
                     enum init_reader reader, struct fault *why);

/*
 * In the target from now on: all at once where it is new, else one after the other in the order of
 * the names (up to INIT_NAMES_MAX), and none when one of them cannot be.
 */
bool init_stage_move(struct init_stage *stage, const char *const *names, struct fault *why);

/* Takes away what was not moved. */
void init_stage_end(struct init_stage *stage);

#endif
