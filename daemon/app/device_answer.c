/* SPDX-License-Identifier: Apache-2.0 */
#include "app/device_answer.h"

#include "adapter/json/answer.h"
#include "app/service.h"
#include "core/index.h"

#include <math.h>

static const char *respondent_of(const struct rulebook *rules, const char *device)
{
    size_t respondent, nth;

    return rulebook_find_device(rules, device, &respondent, &nth)
               ? rulebook_respondent(rules, respondent)->id
               : NULL;
}

char *device_answer(struct service *service, const char *device)
{
    const struct known_device *known;
    struct device_state state = { .device = device, .accuracy = NAN };

    if (!name_valid(device))
        return answer_print_error("no id of a device");
    state.respondent = respondent_of(service->config->rules, device);
    known = pipeline_device(service->pipeline, device);
    if (known != NULL) {
        // After a start what it was before is known of a device, and maybe not when that came.
        state.heard = known->arrived.ms > 0 ? known->arrived
                      : known->heard        ? known->newest_came
                                            : (struct utc){ 0 };
        state.talked = known->talked;
        state.time = known->newest.time;
        state.accuracy = known->newest.accuracy;
        state.silent = known->silent > 0;
        state.tampered = known->tampered;
        state.battery_low = known->battery_low;
        state.clock_wrong = known->clock_wrong;
    }
    return answer_print_device(&state);
}
