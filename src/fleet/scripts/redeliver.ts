import { lastNumber } from './last-number.js';

/**
 * Puts dead letters back into their partitions, as if they had just arrived. `ARGV`: ids of dead letters. Returns how
 * many there were.
 *
 * @internal
 */
export const redeliver = `
local base = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
${lastNumber}
local count = 0
for _, letter in ipairs(ARGV) do
  local found = redis.call('XRANGE', base .. 'dead', letter, letter)[1]
  if found then
    local fields = {}
    for index = 1, #found[2], 2 do fields[found[2][index]] = found[2][index + 1] end
    local id = string.format('%016.0f', lastNumber(base .. 'sequence', 1))
    redis.call('HSET', base .. 'events', id, fields.user .. string.format('%013.0f', now) .. fields.event)
    redis.call('ZADD', base .. 'due:' .. fields.partition, now, id)
    redis.call('XDEL', base .. 'dead', letter)
    count = count + 1
  end
end
return count`;
export const listDead = `return redis.call('XRANGE', KEYS[1] .. 'dead', ARGV[1], '+', 'COUNT', ARGV[2])`;
