/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis/publisher_script.h"

/* Ids of entries have two numbers of 20 digits, more than Lua can count: compared as texts. */
#define IDS                                                                                        \
    "local function is_id(id)\n"                                                                   \
    "  return id and #id <= 41 and id:find('^%d+%-%d+$') ~= nil\n"                                 \
    "end\n"                                                                                        \
    "local function order(id)\n"                                                                   \
    "  local ms, seq = id:match('^(%d+)%-(%d+)$')\n"                                               \
    "  return ('0'):rep(20 - #ms) .. ms .. ('0'):rep(20 - #seq) .. seq\n"                          \
    "end\n"

/*
 * Of a stream: the id that it gave last, and how many entries it ever got (from Redis 7.0 on); a
 * stream that was deleted and made again begins both anew, one whose entries were taken away does
 * not. Where XINFO is not allowed (third value true), an entry that is not there was trimmed if the
 * stream is full, and else lost.
 */
#define PAST                                                                                       \
    "local function of_stream(key)\n"                                                              \
    "  local is, of = redis.pcall('XINFO', 'STREAM', key), {}\n"                                   \
    "  if is.err then return nil, nil, not is.err:find('no such key') end\n"                       \
    "  for i = 1, #is, 2 do of[is[i]] = is[i + 1] end\n"                                           \
    "  return of['last-generated-id'], of['entries-added'], false\n"                               \
    "end\n"                                                                                        \
    "local function has_been_past(entry, added)\n"                                                 \
    "  local newest, count, denied = of_stream(stream)\n"                                          \
    "  if denied then return redis.call('XLEN', stream) >= keep end\n"                             \
    "  added = tonumber(added)\n"                                                                  \
    "  return newest and order(newest) >= order(entry) and\n"                                      \
    "    (not count or not added or count >= added)\n"                                             \
    "end\n"

/*
 * What stands in `todo` with another holder. The end of the event and what follows it is found from
 * behind: a quote in a text is escaped, so no note looks like that, and members of an event of that
 * name come before it. nil: it does not stand there.
 */
#define HELD                                                                                       \
    "local function held(todo, incident, holder)\n"                                                \
    "  local is, at, from = redis.call('HMGET', todo, incident)[1], nil, 1\n"                      \
    "  while is and from do\n"                                                                     \
    "    local found = is:find('},\"by\":', from, true)\n"                                         \
    "    at, from = found or at, found and found + 1\n"                                            \
    "  end\n"                                                                                      \
    "  return at and is:sub(1, at) .. ',' .. holder\n"                                             \
    "end\n"

const char script_where[] =
    "local stream, open, last, todo = KEYS[1], KEYS[2], KEYS[3], KEYS[4]\n"
    "local site, keep, moved = ARGV[1], tonumber(ARGV[2]), 0\n" IDS PAST
    "local function move(key)\n"
    "  redis.call('RENAME', key, key .. ':displaced')\n"
    "  moved = moved + 1\n"
    "end\n"
    "local function put_right(key, question)\n"
    "  local is = redis.pcall(question, key)\n"
    "  if type(is) == 'table' and is.err and is.err:find('WRONGTYPE') then move(key) end\n"
    "end\n"
    "put_right(stream, 'XLEN')\n"
    "put_right(open, 'HLEN')\n"
    "put_right(last, 'HLEN')\n"
    "put_right(todo, 'HLEN')\n"
    "local newest, _, denied = of_stream(stream)\n"
    // Nothing can be added behind that.
    "if newest == '18446744073709551615-18446744073709551615' then move(stream) end\n"
    "local is = redis.call('HMGET', last, site, site .. '#id', site .. '#entry', site .. "
    "'#added',\n"
    "  '#open', '#todo')\n"
    "local function plain(id)\n"
    "  return id and #id > 0 and #id <= 281 and not id:find('[%s%c]') and id or '-'\n"
    "end\n"
    "local function number(said)\n"
    "  return said and #said <= 15 and said:find('^%d+$') and said or nil\n"
    "end\n"
    "local at, at_id = number(is[1]) or '0', plain(is[2])\n"
    "local at_entry = is_id(is[3]) and is[3] or '-'\n"
    "local garbled = is[1] and not number(is[1])\n"
    "local held, entry, id, from = '0', '-', '-', '+'\n"
    "local function read(found)\n"
    "  local fields = found[2]\n"
    "  local said = number((fields[10] or ''):match('^{\"sequence\":\"(%d+)\"'))\n"
    "  local ours = said and fields[2]:sub(1, #site + 1) == site .. '/' and plain(fields[2]) ~= "
    "'-'\n"
    "  return ours and said or nil, fields[2]\n"
    "end\n"
    // The newest one of the stream is ours, unless sites share it.
    "for page = 1, 21 do\n"
    "  local entries = redis.call('XREVRANGE', stream, from, '-', 'COUNT', page == 1 and 1 or 50)\n"
    "  for _, found in ipairs(entries) do\n"
    "    local said, named = read(found)\n"
    "    if said then held, entry, id = said, found[1], named break end\n"
    "    from = '(' .. found[1]\n"
    "  end\n"
    "  if held ~= '0' or #entries == 0 then break end\n"
    "end\n"
    "local witness = 'denied'\n"
    "if at_entry ~= '-' then\n"
    "  local kept = redis.pcall('XRANGE', stream, at_entry, at_entry)\n"
    "  if kept.err then witness = 'other'\n"
    "  elseif kept[1] then\n"
    "    local said, named = read(kept[1])\n"
    "    witness = tonumber(said) == tonumber(at) and named == at_id and 'stands' or 'other'\n"
    "  else witness = has_been_past(at_entry, is[4]) and 'gone' or 'never' end\n"
    "end\n"
    "local past = is_id(ARGV[3]) and has_been_past(ARGV[3], ARGV[4])\n"
    "local whole = (not is[5] or redis.call('HLEN', open) == tonumber(is[5])) and\n"
    "  (not is[6] or redis.call('HLEN', todo) == tonumber(is[6]))\n"
    "local function flag(is) return is and '1' or '0' end\n"
    "return table.concat({at, held, entry, flag(whole), id, at_id, at_entry, witness, flag(past),\n"
    "  flag(garbled), flag(denied), moved}, ' ')\n";

const char script_page[] =
    "local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', 50)\n"
    "local parts, room = {page[1], '\\n'}, 2097152\n"
    "for i = 1, #page[2], 2 do\n"
    "  local name, value = page[2][i], page[2][i + 1]\n"
    "  if #value > 16384 or #value > room then value = '' end\n"
    "  if #name > 281 then name, value = '', '' end\n"
    "  local told = KEYS[2] and redis.call('HEXISTS', KEYS[2], name) == 1\n"
    "  room = room - #value\n"
    "  if not told then\n"
    "    parts[#parts + 1] = #name .. ' ' .. #value .. '\\n' .. name .. value\n"
    "  end\n"
    "end\n"
    "return table.concat(parts)\n";

const char script_begin[] =
    "local open, fresh, last, todo, fresh_todo = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]\n"
    "local site = ARGV[1]\n"
    "local fields = {site, site .. '#id', site .. '#entry', site .. '#epoch', site .. '#added',\n"
    "  '#open', '#todo'}\n"
    "local is = redis.call('HMGET', last, unpack(fields))\n"
    "local function number(said)\n"
    "  return said and #said <= 15 and said:find('^%d+$') and tonumber(said) or 0\n"
    "end\n"
    "if number(is[1]) ~= tonumber(ARGV[2]) then\n"
    "  return redis.error_reply('GAP its last number is ' .. tostring(is[1]):sub(1, 20) ..\n"
    "    ' now, not ' .. ARGV[2])\n"
    "end\n"
    "if redis.call('HLEN', fresh) ~= tonumber(ARGV[6]) or\n"
    "    redis.call('HLEN', fresh_todo) ~= tonumber(ARGV[7]) then\n"
    "  return redis.error_reply('GAP what was laid for open is gone')\n"
    "end\n"
    "local ours = 0\n"
    "for i = 1, #fields do if is[i] then ours = ours + 1 end end\n"
    "local shared = redis.call('HLEN', last) > ours\n"
    "local function put_in_place(staged, key)\n"
    "  redis.call('HLEN', key)\n" // refuses a key of another type
    // A site that shares the prefix keeps what it has there.
    "  local all = shared and redis.call('HGETALL', key) or {}\n"
    "  for i = 1, #all, 2 do\n"
    "    local source = all[i + 1]:match('\"source\":\"/breachd/([^\"]*)\"')\n"
    "    if source and source ~= site then redis.call('HSETNX', staged, all[i], all[i + 1]) end\n"
    "  end\n"
    "  if redis.call('EXISTS', staged) == 1 then redis.call('RENAME', staged, key)\n"
    "  else redis.call('DEL', key) end\n"
    "end\n"
    "put_in_place(fresh, open)\n"
    "put_in_place(fresh_todo, todo)\n"
    // An epoch that is none, or past counting, must not stop us: ours of before is known too.
    "local epoch = math.max(number(is[4]), number(ARGV[8])) + 1\n"
    "redis.call('HSET', last, site, ARGV[3], fields[2], ARGV[4], fields[3], ARGV[5],\n"
    "  fields[4], ('%.0f'):format(epoch), fields[5], is[3] == ARGV[5] and is[5] or '-',\n"
    "  '#open', redis.call('HLEN', open), '#todo', redis.call('HLEN', todo))\n"
    "return epoch\n";

/*
 * Redis undoes nothing of a function that fails half-way (a command not allowed, a key of a wrong
 * type). So the number is written first, which proves that it can be; what may be done twice comes
 * before the record of it; and when one alert is refused, the number is put back to the last one
 * that stands in the stream. PUBLISH comes last: the record does not wait for it.
 */
const char script_send[] =
    "local stream, open, last, todo, acks = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]\n"
    "local site, keep = ARGV[1], tonumber(ARGV[4])\n" IDS PAST HELD
    "local is = redis.call('HMGET', last, site, site .. '#epoch', site .. '#entry',\n"
    "  site .. '#added', '#open', '#todo')\n"
    "if is[2] ~= ARGV[2] then\n"
    "  return redis.error_reply('GAP somebody else publishes for this site, or its data is gone')\n"
    "end\n"
    "if is[1] ~= ARGV[3] then\n"
    "  return redis.error_reply('GAP its last number is ' .. tostring(is[1]):sub(1, 20) ..\n"
    "    ', not ' .. ARGV[3])\n"
    "end\n"
    "if is_id(is[3]) and #redis.call('XRANGE', stream, is[3], is[3]) == 0\n"
    "    and not has_been_past(is[3], is[4]) then\n"
    "  return redis.error_reply('GAP its stream lacks alert ' .. ARGV[3])\n"
    "end\n"
    "if redis.call('HLEN', open) ~= tonumber(is[5]) then\n"
    "  return redis.error_reply('GAP open is not as it was left')\n"
    "end\n"
    "if redis.call('HLEN', todo) ~= tonumber(is[6]) then\n"
    "  return redis.error_reply('GAP todo is not as it was left')\n"
    "end\n"
    "local first, count, words = 5, #ARGV, 10\n"
    "if count < first then return is[1] end\n"
    "redis.call('HSET', last, site, ARGV[count - words + 1])\n"
    "local function tell(key, effect, incident, value)\n"
    "  if effect == '1' then return redis.pcall('HSET', key, incident, value)\n"
    "  elseif effect == '2' then return redis.pcall('HDEL', key, incident) end\n"
    "end\n"
    // An ack of an alert comes after the last ack that is there now. The alert's entry's id is the
    // same, unless the clock of Redis, or somebody, moved one of the streams ahead.
    "local newest, _, unknown = of_stream(acks)\n"
    "local ack, before = newest or not unknown and '0-0', nil\n"
    "local function since(entry)\n"
    "  if before == nil then before = ack and order(ack) < order(entry) end\n"
    "  return before and ack or entry\n"
    "end\n"
    "local done, entry, refused\n"
    "local reply = {'', '', ''}\n"
    "for i = first, count, words do\n"
    "  local incident, event = ARGV[i + 6], ARGV[i + 7]\n"
    "  local told = tell(open, ARGV[i + 1], incident, event)\n"
    "  if type(told) ~= 'table' then\n"
    "    local effect = ARGV[i + 8]\n"
    "    local value = effect == '1' and '{\"alert\":' .. event .. ',' .. ARGV[i + 9]\n"
    "      or effect == '3' and held(todo, incident, ARGV[i + 9])\n"
    "    told = tell(todo, effect == '3' and (value and '1' or '0') or effect, incident, value)\n"
    "  end\n"
    "  if type(told) ~= 'table' then\n"
    "    told = redis.pcall('XADD', stream, 'MAXLEN', '~', ARGV[4], '*', 'id', ARGV[i + 2],\n"
    "      'type', ARGV[i + 3], 'area', ARGV[i + 4], 'severity', ARGV[i + 5], 'event', event)\n"
    "  end\n"
    "  if type(told) == 'table' then refused = told break end\n"
    "  done, entry = i, told\n"
    "  reply[#reply + 1] = incident == '' and '-' or incident\n"
    "  reply[#reply + 1] = since(told)\n"
    "end\n"
    "local counts = {'#open', redis.call('HLEN', open), '#todo', redis.call('HLEN', todo)}\n"
    "if done then\n"
    "  local _, added = of_stream(stream)\n"
    "  reply[1], reply[2], reply[3] = ARGV[done], tostring(added or '-'), entry\n"
    "  redis.call('HSET', last, site, ARGV[done], site .. '#id', ARGV[done + 2],\n"
    "    site .. '#entry', entry, site .. '#added', reply[2], unpack(counts))\n"
    "else\n"
    "  redis.call('HSET', last, site, is[1], unpack(counts))\n"
    "end\n"
    "for i = first, done or 0, words do\n"
    "  redis.call('PUBLISH', stream, ARGV[i + 7])\n"
    "  if ARGV[i + 4] ~= '' then redis.call('PUBLISH', stream .. ':' .. ARGV[i + 4], ARGV[i + 7]) "
    "end\n"
    "end\n"
    "return refused or table.concat(reply, ' ')\n";

const char script_note[] =
    "local last, todo, site = KEYS[1], KEYS[2], ARGV[1]\n" HELD
    "if redis.call('HMGET', last, site .. '#epoch')[1] ~= ARGV[2] then\n"
    "  return redis.error_reply('GAP somebody else publishes for this site, or its data is gone')\n"
    "end\n"
    "local is = held(todo, ARGV[3], ARGV[4])\n"
    "if not is then return 0 end\n"
    "redis.call('HSET', todo, ARGV[3], is)\n"
    "return 1\n";
