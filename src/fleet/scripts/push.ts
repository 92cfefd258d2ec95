import { lastNumber } from './last-number.js';

/**
 * Stores events, and gives each the next id. Nothing else is needed: workers look for events themselves.
 *
 * All keys of a queue begin with `KEYS[1]`, which has a hash tag, so that Redis Cluster keeps them in one slot.
 *
 * `ARGV`: partition, digest of the user, and JSON of each event.
 *
 * @internal
 */
export const push = `
local base = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local count = #ARGV / 3
${lastNumber}
local last = lastNumber(base .. 'sequence', count)
for index = 1, count do
  local partition, user, event = ARGV[3 * index - 2], ARGV[3 * index - 1], ARGV[3 * index]
  -- As many digits for each, so that their order as strings is their order as numbers.
  local id = string.format('%016.0f', last - count + index)
  redis.call('HSET', base .. 'events', id, user .. string.format('%013.0f', now) .. event)
  redis.call('ZADD', base .. 'due:' .. partition, now, id)
end
return count`;
