-- SPDX-License-Identifier: Apache-2.0
-- versus.lua - the plain fence in Redis: device, lon, lat, radius, key of its zones. Who has come into a zone, or
-- left one, is told on the zone's channel. Nothing of it is on disk, and every zone is a circle of that radius.
local now = redis.call('GEOSEARCH', ARGV[5], 'FROMLONLAT', ARGV[2], ARGV[3], 'BYRADIUS', ARGV[4], 'm')
local key = 'in:' .. ARGV[1]
local old, was, is = redis.call('SMEMBERS', key), {}, {}
for i = 1, #old do was[old[i]] = true end
for i = 1, #now do
    is[now[i]] = true
    if not was[now[i]] then
        redis.call('SADD', key, now[i])
        redis.call('INCR', 'entered')
        redis.call('PUBLISH', 'z:' .. now[i], 'in ' .. ARGV[1])
    end
end
for i = 1, #old do
    if not is[old[i]] then
        redis.call('SREM', key, old[i])
        redis.call('PUBLISH', 'z:' .. old[i], 'out ' .. ARGV[1])
    end
end
return 1
