import type { Script } from "./script-runner.js";

/** The clock of Redis in ms. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** KEYS: outbox. ARGV: scope. A scope is due before it has notices, so that none is left behind if a process dies. */
export const ANNOUNCE: Script = {
  source: `${NOW}
redis.call('ZADD', KEYS[1], now, ARGV[1])
return now`,
};

/** KEYS: outbox. ARGV: how many. Returns the scopes that are due, each with the time. */
export const DUE_SCOPES: Script = {
  source: `${NOW}
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[1])`,
};

/**
 * KEYS: due, notices, tries. ARGV: lease in ms, how many. Returns when the next one is due or nil, and id, tries and text
 * of each that was claimed.
 */
export const CLAIM_NOTICES: Script = {
  source: `${NOW}
local claimed = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])) do
  redis.call('ZADD', KEYS[1], now + ARGV[1], id)
  claimed[#claimed + 1] = id
  claimed[#claimed + 1] = redis.call('HINCRBY', KEYS[3], id, 1)
  claimed[#claimed + 1] = redis.call('HGET', KEYS[2], id)
end
local next = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {next[2] or false, unpack(claimed)}`,
};

/**
 * KEYS: outbox. ARGV: scope, its time as it was seen, when it is due next or "", ms of grace. Leaves a scope alone that
 * has got a notice meanwhile, and removes one without notices only when nobody can be between announcing and adding one.
 */
export const POSTPONE: Script = {
  source: `${NOW}
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[3] ~= '' then return redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1]) end
if tonumber(ARGV[2]) < now - ARGV[4] then return redis.call('ZREM', KEYS[1], ARGV[1]) end
return 0`,
};

/** KEYS: due, notices, tries. ARGV: id, when it is due again or "" if it is done. Returns whether it is still there. */
export const SETTLE: Script = {
  source: `
if ARGV[2] ~= '' then
  redis.call('ZADD', KEYS[1], 'XX', ARGV[2], ARGV[1])
  return redis.call('HEXISTS', KEYS[2], ARGV[1])
end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
return 0`,
};
