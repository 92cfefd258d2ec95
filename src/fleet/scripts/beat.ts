import { lastNumber } from './last-number.js';
import { putBack } from './put-back.js';

/**
 * Renews the lease of a session, or starts a session, and shares the partitions out among the live sessions.
 *
 * Whoever comes first after the end of another session's lease ends that session for good: it can never renew again, its
 * unacknowledged events are put back, and its partitions are free. A session takes free partitions up to its share; what
 * it has too many, it releases by itself.
 *
 * `ARGV`: session (empty to start one), lease, number of partitions, interval between two writes to a user, time for
 * which repairs are possible; all times in milliseconds.
 *
 * Returns the session (`false` if it has ended), the time, its share, and then, for each partition that it has, the partition and
 * how long to wait before the first write: the last write of the partition's former owner may just have been sent.
 *
 * @internal
 */
export const beat = `${putBack}
${lastNumber}
local session, leaseMs, count = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local intervalMs, repairMs = tonumber(ARGV[4]), tonumber(ARGV[5])
local owners = redis.call('HMGET', base .. 'owners', unpack(partitions(count)))

local endedAt, isLive = {}, {}
for _, ended in ipairs(redis.call('ZRANGEBYSCORE', base .. 'sessions', '-inf', now)) do
  endedAt[ended] = redis.call('ZSCORE', base .. 'sessions', ended)
  redis.call('ZREM', base .. 'sessions', ended)
  redis.call('HDEL', base .. 'turns', ended)
end
for _, live in ipairs(redis.call('ZRANGE', base .. 'sessions', 0, -1)) do isLive[live] = true end
-- A session that ended by itself gave back what it knew of. Answers get lost: it may have owned more.
for partition = 0, count - 1 do
  local owner = owners[partition + 1]
  if owner and not isLive[owner] then
    putBack(partition, repairMs)
    redis.call('HDEL', base .. 'owners', partition)
    redis.call('HSET', base .. 'freed', partition, (endedAt[owner] or string.format('%.0f', now)) .. ' ' .. owner)
    owners[partition + 1] = false
  end
end

if session == '' then session = string.format('%.0f', lastNumber(base .. 'session', 1))
elseif not redis.call('ZSCORE', base .. 'sessions', session) then return { false } end
redis.call('ZADD', base .. 'sessions', now + leaseMs, session)

local share = math.ceil(count / redis.call('ZCARD', base .. 'sessions'))
local owned = 0
for partition = 1, count do
  if owners[partition] == session then owned = owned + 1 end
end
local reply = { session, now, share }
for partition = 0, count - 1 do
  if owned < share and not owners[partition + 1] then
    owned = owned + 1
    owners[partition + 1] = session
    redis.call('HSET', base .. 'owners', partition, session)
  end
  if owners[partition + 1] == session then
    forgetOld(partition)
    local freed = redis.call('HGET', base .. 'freed', partition)
    local at, before = string.match(freed or '', '(%d+)%S* (%d+)')
    local waitMs = 0
    if at and before ~= session then waitMs = math.max(0, at + intervalMs - now) end
    table.insert(reply, partition)
    table.insert(reply, waitMs)
  end
end
return reply`;
