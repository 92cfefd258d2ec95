import { putBack } from './put-back.js';

/**
 * Gives partitions back, before the end of the lease. Events that are still taken are put back, and their users are
 * suspects.
 *
 * `ARGV`: session, time for which repairs are possible, `1` to end the session, partitions.
 *
 * @internal
 */
export const release = `${putBack}
local session, repairMs = ARGV[1], tonumber(ARGV[2])
for index = 4, #ARGV do
  local partition = ARGV[index]
  if redis.call('HGET', base .. 'owners', partition) == session then
    putBack(partition, repairMs)
    redis.call('HDEL', base .. 'owners', partition)
    redis.call('HSET', base .. 'freed', partition, string.format('%.0f', now) .. ' ' .. session)
  end
end
if ARGV[3] == '1' then
  redis.call('ZREM', base .. 'sessions', session)
  redis.call('HDEL', base .. 'turns', session)
end`;
