/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/resolver.h"

#include <event2/event.h>
#include <string.h>
#include <sys/stat.h>

static const char conf_path[] = "/etc/resolv.conf", hosts_path[] = "/etc/hosts";

/* Of libevent's own patience, 5 s and three times, a connection in its 3 s sees no end. */
static void set_patience(struct evdns_base *dns)
{
    evdns_base_set_option(dns, "timeout:", "1");
    evdns_base_set_option(dns, "max-timeouts:", "1");
    evdns_base_set_option(dns, "getaddrinfo-allow-skew:", "1");
}

struct evdns_base *resolver_create(struct event_base *base)
{
    struct evdns_base *dns =
        evdns_base_new(base, EVDNS_BASE_INITIALIZE_NAMESERVERS | EVDNS_BASE_DISABLE_WHEN_INACTIVE);

    if (dns != NULL)
        set_patience(dns);
    return dns;
}

/* False: it is none that may be read in the loop. One that is missing is read in no time. */
void resolver_destroy(struct evdns_base *dns, struct event_base *base)
{
    if (dns != NULL)
        evdns_base_free(dns, 0);
    if (base == NULL)
        return;
    event_base_loop(base, EVLOOP_NONBLOCK);
    event_base_free(base);
}

static bool read_state(const char *path, struct resolver_file *out)
{
    struct stat found;

    *out = (struct resolver_file){ 0 };
    if (stat(path, &found) != 0)
        return true;
    *out = (struct resolver_file){ found.st_ino, found.st_size, found.st_mtim };
    return S_ISREG(found.st_mode) && found.st_size <= RESOLVER_FILE_MAX;
}

static bool same(const struct resolver_file *a, const struct resolver_file *b)
{
    return a->inode == b->inode && a->size == b->size && a->changed.tv_sec == b->changed.tv_sec &&
           a->changed.tv_nsec == b->changed.tv_nsec;
}

void resolver_note(struct resolver_files *known)
{
    read_state(conf_path, &known->conf);
    read_state(hosts_path, &known->hosts);
}

void resolver_refresh(struct evdns_base *dns, struct resolver_files *known)
{
    struct resolver_files now;
    bool conf = read_state(conf_path, &now.conf), hosts = read_state(hosts_path, &now.hosts);

    if (hosts && !same(&now.hosts, &known->hosts)) {
        evdns_base_clear_host_addresses(dns);
        evdns_base_load_hosts(dns, hosts_path);
    }
    if (conf && !same(&now.conf, &known->conf)) {
        evdns_base_clear_nameservers_and_suspend(dns);
        evdns_base_resolv_conf_parse(dns, DNS_OPTIONS_ALL & ~DNS_OPTION_HOSTSFILE, conf_path);
        set_patience(dns);
        evdns_base_resume(dns);
    }
    *known = now;
}

/* Below, equal to or above 0, in some order of all addresses; families are apart. */
static int compare(const struct sockaddr *a, socklen_t a_length, const struct sockaddr *b,
                   socklen_t b_length)
{
    if (a_length != b_length)
        return a_length < b_length ? -1 : 1;
    return memcmp(a, b, a_length);
}

const struct evutil_addrinfo *resolver_pick(const struct evutil_addrinfo *found,
                                            const struct resolver_address *last, bool again)
{
    const struct evutil_addrinfo *first = found, *next = NULL;

    if (last->length == 0)
        return found;
    // The addresses of one answer.
    for (const struct evutil_addrinfo *one = found; one != NULL; one = one->ai_next) {
        int order = compare(one->ai_addr, one->ai_addrlen, (const struct sockaddr *)&last->at,
                            last->length);

        if (order == 0 && again)
            return one;
        if (compare(one->ai_addr, one->ai_addrlen, first->ai_addr, first->ai_addrlen) < 0)
            first = one;
        if (order > 0 && (next == NULL || compare(one->ai_addr, one->ai_addrlen, next->ai_addr,
                                                  next->ai_addrlen) < 0))
            next = one;
    }
    return next != NULL ? next : first;
}
