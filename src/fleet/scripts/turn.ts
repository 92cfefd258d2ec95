import { evenIfFull } from '../../redis/scripts.js';

/**
 * Beginning of the scripts that a session calls in turns. It refuses a session that has ended, and a turn that arrives
 * late, after the session has given it up and gone on.
 *
 * `ARGV`: session, number of the turn.
 *
 * @internal
 */
export const turn = `${evenIfFull}
local base = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local session = ARGV[1]
local leaseEnd = redis.call('ZSCORE', base .. 'sessions', session)
if not leaseEnd or tonumber(leaseEnd) <= now then return { false } end
if tonumber(redis.call('HGET', base .. 'turns', session) or 0) >= tonumber(ARGV[2]) then return { false } end
redis.call('HSET', base .. 'turns', session, ARGV[2])

local owners = {}
local function isMine(partition)
  if owners[partition] == nil then owners[partition] = redis.call('HGET', base .. 'owners', partition) end
  return owners[partition] == session
end`;
