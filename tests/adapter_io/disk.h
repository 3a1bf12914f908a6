/* SPDX-License-Identifier: Apache-2.0 */
/* disk.h - a disk that is full for this process alone: no file of it can be written to (EFBIG). */
#ifndef ADAPTER_IO_DISK_H
#define ADAPTER_IO_DISK_H

void disk_fill(void);
void disk_clear(void);

/* For a test that fills the disk, and may fail while it is full. */
int disk_teardown(void **state);
#define disk_test(test) cmocka_unit_test_setup_teardown(test, testbed_setup, disk_teardown)

#endif
