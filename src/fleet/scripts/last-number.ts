/**
 * Part of the scripts that give numbers, after `time`. `lastNumber` counts a counter up, and returns the last of `count`
 * numbers.
 *
 * They are at least the time in microseconds. If Redis loses the counter, or goes back to an earlier one in a failover,
 * no number is given twice: a worker may still have a session or an event with the earlier number.
 *
 * @internal
 */
export const lastNumber = `
local function lastNumber(counter, count)
  local last = redis.call('INCRBY', counter, count)
  local least = time[1] * 1000000 + time[2] + count
  if last >= least then return last end
  redis.call('SET', counter, string.format('%.0f', least))
  return least
end`;
