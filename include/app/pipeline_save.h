/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_save.h - a ping far from every zone costs no commit, so where somebody out of
 * every ring was would be lost with the process, and with it a way through a zone that
 * began there. So once a minute the newest position of who could still come to a zone is
 * saved: one row a device, and no trail.
 */
#ifndef APP_PIPELINE_SAVE_H
#define APP_PIPELINE_SAVE_H

struct pipeline;

/*
 * Puts the newest positions of those out of every ring who could still come to a zone with the
 * changes that gather: of a sixtieth of everybody, to be called once a second, of so many at once
 * as a turn has time for and of the rest when `on_behind` has brought the next; or, before a stop,
 * of all. So a way that began before a restart is judged after it.
 */
void pipeline_save(struct pipeline *pipeline);
void pipeline_save_more(struct pipeline *pipeline);
void pipeline_save_all(struct pipeline *pipeline);

#endif
