import type { Script } from "./script-runner.js";

/** The clock of Redis in microseconds, as text: no two renewals have the same value. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] .. string.format('%06d', time[2])`;

/**
 * All have KEYS: leases, owners. A lease is worth the time of its last renewal; its owner is kept as "fence owner".
 */

/** ARGV: member, owner, fence. Gives the lease to a higher fence. Returns whether it was lower. */
export const GRANT: Script = {
  source: `${NOW}
local held = redis.call('HGET', KEYS[2], ARGV[1])
if held and tonumber(string.match(held, '^%d+')) >= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3] .. ' ' .. ARGV[2])
redis.call('ZADD', KEYS[1], now, ARGV[1])
return 1`,
};

/** ARGV: owner, members. Returns the positions of those that this owner does not have, from 0. */
export const RENEW: Script = {
  source: `${NOW}
local others = {}
for index = 2, #ARGV do
  local held = redis.call('HGET', KEYS[2], ARGV[index])
  if held and string.match(held, '^%d+ (.*)$') == ARGV[1] then
    redis.call('ZADD', KEYS[1], now, ARGV[index])
  else
    others[#others + 1] = index - 2
  end
end
return others`,
};

/** ARGV: how many. Returns those that were renewed longest ago: member, time and owner of each. */
export const OLDEST: Script = {
  source: `
local oldest = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES')
local leases = {}
for index = 1, #oldest, 2 do
  leases[#leases + 1] = oldest[index]
  leases[#leases + 1] = oldest[index + 1]
  leases[#leases + 1] = redis.call('HGET', KEYS[2], oldest[index]) or ''
end
return leases`,
};

/** ARGV: member, its time and owner as they were seen, new owner. Returns whether they were still so. */
export const TAKE: Script = {
  source: `${NOW}
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if (redis.call('HGET', KEYS[2], ARGV[1]) or '') ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[4])
redis.call('ZADD', KEYS[1], now, ARGV[1])
return 1`,
};

/** ARGV: member, the owner as it was seen, or "" for any. */
export const RELEASE: Script = {
  source: `
if ARGV[2] ~= '' and redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1`,
};
