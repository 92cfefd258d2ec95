import { evenIfFull } from '../../redis/scripts.js';

/**
 * Beginning of the scripts that end the ownership of a partition.
 *
 * `putBack` puts the events that an owner had taken back where they came from. Their users are suspects from now on: a
 * request of the former owner may still be on its way, and may overwrite what the next owner writes. Until `repairMs`
 * have passed, delivered events of suspects are kept, so that they can be written again.
 *
 * @internal
 */
export const putBack = `${evenIfFull}
local base = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function partitions(count)
  local names = {}
  for partition = 0, count - 1 do names[partition + 1] = partition end
  return names
end

local function putBack(partition, repairMs)
  local taken = redis.call('ZRANGE', base .. 'taken:' .. partition, 0, -1, 'WITHSCORES')
  for index = 1, #taken, 2 do
    local event = redis.call('HGET', base .. 'events', taken[index])
    if event then
      redis.call('ZADD', base .. 'suspects:' .. partition, now + repairMs, string.sub(event, 1, 14))
      redis.call('ZADD', base .. 'due:' .. partition, taken[index + 1], taken[index])
      if redis.call('SREM', base .. 'again:' .. partition, taken[index]) == 1 then
        redis.call('SADD', base .. 'repairs', taken[index])
      end
    end
  end
  redis.call('DEL', base .. 'taken:' .. partition, base .. 'again:' .. partition)
end

-- Ends suspicions, and removes kept events, whose time is over.
local function forgetOld(partition)
  redis.call('ZREMRANGEBYSCORE', base .. 'suspects:' .. partition, '-inf', now)
  local kept = base .. 'kept:' .. partition
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', kept, '-inf', now, 'LIMIT', 0, 1000)) do
    redis.call('ZREM', kept, id)
    redis.call('HDEL', base .. 'events', id)
  end
end`;
