import { turn } from './turn.js';

/**
 * Acknowledges events, and takes more.
 *
 * `ARGV` after those of the turn: time for which repairs are possible, maximum number of kept events per partition, and
 * of dead letters; maximum number of events to take; bytes of events after which nothing more is taken; number of
 * acknowledgements; for each of them the partition, the id, the digest of the user, `done`, `retry` or `dead`, and the
 * delay in milliseconds or the error as JSON; then, for each partition to take from, the partition and its maximum.
 *
 * Returns, for each event that was taken, its id, partition, `1` for a repair, and what is stored.
 *
 * @internal
 */
export const exchange = `${turn}
local repairMs, maxKept, maxDead = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local wanted, bytesLeft, settled = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local hasRepairs = redis.call('EXISTS', base .. 'repairs') == 1

local suspicious = {}
local function hasSuspects(partition)
  if suspicious[partition] == nil then
    suspicious[partition] = redis.call('EXISTS', base .. 'suspects:' .. partition) == 1
  end
  return suspicious[partition]
end

-- Whether the event stays: a later repair may need it, or one has already asked for it while it was on its way.
local function stays(partition, id, user, arrived)
  if not hasSuspects(partition) then return false end
  if redis.call('SREM', base .. 'again:' .. partition, id) == 1 then
    redis.call('ZADD', base .. 'due:' .. partition, arrived, id)
    redis.call('SADD', base .. 'repairs', id)
    hasRepairs = true
    return true
  end
  local until_ = redis.call('ZSCORE', base .. 'suspects:' .. partition, user)
  if not until_ or tonumber(until_) <= now then return false end
  local kept = base .. 'kept:' .. partition
  redis.call('ZADD', kept, now + repairMs, id)
  if redis.call('ZCARD', kept) > maxKept then
    redis.call('HDEL', base .. 'events', redis.call('ZPOPMIN', kept)[1])
  end
  return true
end

local done = 0
for index = 9, 8 + 5 * settled, 5 do
  local partition, id, user, kind, detail = unpack(ARGV, index, index + 4)
  local arrived = isMine(partition) and redis.call('ZSCORE', base .. 'taken:' .. partition, id)
  if arrived then
    redis.call('ZREM', base .. 'taken:' .. partition, id)
    if hasRepairs and kind ~= 'retry' then redis.call('SREM', base .. 'repairs', id) end
    if kind == 'retry' then
      redis.call('ZADD', base .. 'later:' .. partition, now + detail, id)
      redis.call('ZADD', base .. 'retried:' .. partition, arrived, id)
    elseif kind == 'dead' then
      local event = string.sub(redis.call('HGET', base .. 'events', id) or '', 28)
      redis.call('XADD', base .. 'dead', 'MAXLEN', '~', maxDead, '*',
        'partition', partition, 'user', user, 'event', event, 'error', detail)
      redis.call('HDEL', base .. 'events', id)
      redis.call('HINCRBY', base .. 'totals', 'dead', 1)
    else
      done = done + 1
      if not stays(partition, id, user, arrived) then redis.call('HDEL', base .. 'events', id) end
    end
  end
end
if done > 0 then redis.call('HINCRBY', base .. 'totals', 'done', done) end

local reply = { true }
for index = 9 + 5 * settled, #ARGV, 2 do
  local partition = ARGV[index]
  local most = math.min(wanted, tonumber(ARGV[index + 1]))
  if most > 0 and bytesLeft > 0 and isMine(partition) then
    -- A retry that is due again has the place of its arrival.
    local again = redis.call('ZRANGEBYSCORE', base .. 'later:' .. partition, '-inf', now, 'LIMIT', 0, most)
    for _, id in ipairs(again) do
      redis.call('ZREM', base .. 'later:' .. partition, id)
      -- A Redis that evicts keys may have lost the time.
      local arrived = redis.call('ZSCORE', base .. 'retried:' .. partition, id) or now
      redis.call('ZADD', base .. 'due:' .. partition, arrived, id)
      redis.call('ZREM', base .. 'retried:' .. partition, id)
    end
    local taken = redis.call('ZPOPMIN', base .. 'due:' .. partition, most)
    for at = 1, #taken, 2 do
      local id = taken[at]
      local event = bytesLeft > 0 and redis.call('HGET', base .. 'events', id)
      if bytesLeft <= 0 then
        redis.call('ZADD', base .. 'due:' .. partition, taken[at + 1], id)
      elseif event then
        redis.call('ZADD', base .. 'taken:' .. partition, taken[at + 1], id)
        local isRepair = hasRepairs and redis.call('SISMEMBER', base .. 'repairs', id) or 0
        for _, part in ipairs({ id, partition, isRepair, event }) do table.insert(reply, part) end
        wanted = wanted - 1
        bytesLeft = bytesLeft - #event
      end
    end
  end
end
return reply`;
