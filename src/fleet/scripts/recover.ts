import { turn } from './turn.js';

/**
 * After a turn without an answer: puts back the events that it has taken for the session and that never arrived.
 *
 * `ARGV` after those of the turn: number of partitions, ids of the events that the session knows it has.
 *
 * @internal
 */
export const recover = `${turn}
local known = {}
for index = 4, #ARGV do known[ARGV[index]] = true end
for partition = 0, ARGV[3] - 1 do
  if isMine(partition) then
    local taken = redis.call('ZRANGE', base .. 'taken:' .. partition, 0, -1, 'WITHSCORES')
    for index = 1, #taken, 2 do
      if not known[taken[index]] then
        redis.call('ZREM', base .. 'taken:' .. partition, taken[index])
        redis.call('ZADD', base .. 'due:' .. partition, taken[index + 1], taken[index])
      end
    end
  end
end
return { true }`;
