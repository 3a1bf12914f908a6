-- SPDX-License-Identifier: Apache-2.0
-- pings.lua - for wrk: each line of the file PINGS is the body of one request, and sent once.
local head = "POST /v1/pings HTTP/1.1\r\nHost: localhost\r\n" ..
    "Content-Type: application/json\r\nContent-Length: "
local file

function init()
    file = assert(io.open(os.getenv("PINGS")))
end

function request()
    local ping = file:read("*l") or error("all pings are sent: make more")
    return head .. #ping .. "\r\n\r\n" .. ping
end

-- Answers, those not of 200 to 399, what failed, seconds, p50, p99, max in ms, seconds of a core.
function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("told %d %d %d %.3f %.2f %.2f %.2f %.2f\n", summary.requests,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout,
        summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        latency.max / 1e3, os.clock()))
end
