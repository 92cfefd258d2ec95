import { evenIfFull } from '../../redis/scripts.js';

/**
 * A process tells that requests of its ended session were answered late, so that they may have overwritten newer values.
 * What was delivered for suspects since then is delivered again: the order guard lets the newest win.
 *
 * An event that is on its way now may have reached OneSignal before the late request, so it is delivered once more too.
 *
 * `ARGV`: partitions that the session had. Returns how many events are delivered again.
 *
 * @internal
 */
export const repair = `${evenIfFull}
local base = KEYS[1]
local count = 0
for _, partition in ipairs(ARGV) do
  for _, id in ipairs(redis.call('ZRANGE', base .. 'kept:' .. partition, 0, -1)) do
    local event = redis.call('HGET', base .. 'events', id)
    if event then
      redis.call('ZADD', base .. 'due:' .. partition, string.sub(event, 15, 27), id)
      redis.call('SADD', base .. 'repairs', id)
      count = count + 1
    end
  end
  redis.call('DEL', base .. 'kept:' .. partition)
  local suspects = base .. 'suspects:' .. partition
  if redis.call('EXISTS', suspects) == 1 then
    for _, id in ipairs(redis.call('ZRANGE', base .. 'taken:' .. partition, 0, -1)) do
      local event = redis.call('HGET', base .. 'events', id)
      if event and redis.call('ZSCORE', suspects, string.sub(event, 1, 14)) then
        redis.call('SADD', base .. 'again:' .. partition, id)
        count = count + 1
      end
    end
  end
end
return count`;
