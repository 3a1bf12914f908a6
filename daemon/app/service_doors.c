/* SPDX-License-Identifier: Apache-2.0 */
/* service_doors.c - what the settings in force let doors and connections bear and show. */
#include "adapter/log.h"
#include "app/service.h"

#include <sys/resource.h>

enum { SPARE_DESCRIPTORS = 64 };

void service_adopt_tls(struct service *service)
{
    tls_swap(service->http_tls, service->config->http_tls);
    tls_swap(service->redis_tls, service->config->redis_tls);
    tls_swap(service->mqtt_tls, service->config->mqtt_tls);
}

/*
 * The kernel's limit of descriptors, as far as we may raise it. Some are never the door's: the
 * ledger, Redis and a reload need theirs however many connect.
 */
struct http_limits service_limits(const struct service *service)
{
    struct http_limits limits = service->config->settings.limits;
    rlim_t wanted = (rlim_t)limits.max_connections + SPARE_DESCRIPTORS;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return limits;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= wanted)
        return limits;
    log_warning("http: only %llu descriptors may be open, %llu are wanted",
                (unsigned long long)limit.rlim_cur, (unsigned long long)wanted);
    limits.max_connections =
        limit.rlim_cur > 2 * SPARE_DESCRIPTORS ? (int64_t)limit.rlim_cur - SPARE_DESCRIPTORS : 1;
    return limits;
}
