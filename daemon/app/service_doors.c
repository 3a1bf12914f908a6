/* SPDX-License-Identifier: Apache-2.0 */
/* service_doors.c - what the settings in force let doors and connections bear and show. */
#include "adapter/descriptors.h"
#include "app/service.h"

void service_adopt_tls(struct service *service)
{
    tls_swap(service->http_tls, service->config->http_tls);
    tls_swap(service->redis_tls, service->config->redis_tls);
    tls_swap(service->mqtt_tls, service->config->mqtt_tls);
}

struct http_limits service_limits(const struct service *service)
{
    struct http_limits limits = service->config->settings.limits;

    limits.max_connections = descriptors_allow(limits.max_connections);
    return limits;
}
