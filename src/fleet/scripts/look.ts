/**
 * Counts what a queue holds.
 *
 * `ARGV`: number of partitions. Returns the events that wait, that are on their way, that wait for a retry and that are
 * kept for repairs; the dead letters; the sessions; the age of the oldest event in milliseconds, -1 without one; the
 * events done and dead since the beginning.
 *
 * @internal
 */
export const look = `
local base = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local counts = { due = 0, taken = 0, later = 0, kept = 0 }
local oldest = now + 1
for partition = 0, ARGV[1] - 1 do
  for kind, count in pairs(counts) do
    counts[kind] = count + redis.call('ZCARD', base .. kind .. ':' .. partition)
  end
  for _, kind in ipairs({ 'due', 'taken', 'retried' }) do
    local first = redis.call('ZRANGE', base .. kind .. ':' .. partition, 0, 0, 'WITHSCORES')
    if first[2] then oldest = math.min(oldest, tonumber(first[2])) end
  end
end
local totals = redis.call('HMGET', base .. 'totals', 'done', 'dead')
return { counts.due, counts.taken, counts.later, counts.kept,
  redis.call('XLEN', base .. 'dead'), redis.call('ZCOUNT', base .. 'sessions', '(' .. now, '+inf'),
  now - oldest, tonumber(totals[1] or 0), tonumber(totals[2] or 0) }`;
