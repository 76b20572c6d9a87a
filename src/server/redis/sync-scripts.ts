import type { Script } from "./script-runner.js";

/*
 * The steps of a sync. What they publish is read by change-message.ts.
 */

/** The fields of a sync's hash from which its record is made, in this order. */
export const RECORD_FIELDS = ["snapshot", "seq", "owner", "fence", "checkpoint", "input", "number", "mail"] as const;
const FIELDS = RECORD_FIELDS.map((field) => `'${field}'`).join(", ");

/**
 * KEYS: record, running, index, channel. ARGV: id, type, a running id that is gone, seq, snapshot, and further fields
 * with their values. Returns the id of the sync that is in the way, or nil.
 */
export const CREATE: Script = {
  source: `
if redis.call('EXISTS', KEYS[1]) == 1 then return ARGV[1] end
local rival = redis.call('HGET', KEYS[2], ARGV[2])
if rival and rival ~= ARGV[3] then return rival end
local newest = redis.call('ZREVRANGE', KEYS[3], 0, 0, 'WITHSCORES')
local number = (newest[2] or 0) + 1
redis.call('HSET', KEYS[1], 'running', 1, 'number', number, 'type', ARGV[2], 'seq', ARGV[4], 'snapshot', ARGV[5], 'order', 0, unpack(ARGV, 6))
redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
redis.call('ZADD', KEYS[3], number, ARGV[1])
redis.call('PERSIST', KEYS[3])
redis.call('SPUBLISH', KEYS[4], 's' .. ARGV[4] .. redis.call('HGET', KEYS[1], 'mail') .. ':' .. ARGV[1] .. '\\n' .. ARGV[5])
return false`,
};

/**
 * KEYS: record, failures, log, running, index, ended, notices, tries, channel, and of each notice where the due ones of its
 * kind are. ARGV: id, write id, order, fence or "",
 * whether it ends the sync, snapshot, kept failures or -1, limits of failures, log and ended syncs, ms to keep an ended
 * sync, checkpoint or "", numbers of failures, of lines and of notices, time of the end; then these, a notice as its id,
 * itself, and whether it is on request. Returns what came of it (`kept` for a write that is repeated or late), the seq,
 * whether a mail is wanted, and ids of ended syncs beyond the limit.
 */
export const WRITE: Script = {
  source: `
local id, writeId, order, fence, isEnd = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5] == '1'
local ttl, position = ARGV[11], 17
local found = redis.call('HMGET', KEYS[1], 'seq', 'write', 'running', 'owner', 'fence', 'order', 'number', 'type', 'mail')
local seq, owner, mail = found[1], found[4], found[9]
if not seq then return {'unknown'} end
local function surplus()
  local count = redis.call('ZCARD', KEYS[6]) - tonumber(ARGV[10])
  if count <= 0 then return {} end
  return redis.call('ZRANGE', KEYS[6], 0, math.min(count, 100) - 1)
end
if found[2] == writeId then return {'kept', seq, mail, unpack(found[3] == '0' and surplus() or {})} end
if found[3] == '0' then return {'ended'} end
local isOwner = fence ~= '' and owner and fence == found[5]
if not isOwner and not (fence == '' and isEnd) then return {'superseded'} end
if isOwner and order <= tonumber(found[6]) then return {'kept', seq, mail} end

local function append(key, number, max)
  local last = position + math.min(number, max - redis.call('LLEN', key)) - 1
  for from = position, last, 1000 do
    redis.call('RPUSH', key, unpack(ARGV, from, math.min(from + 999, last)))
  end
  position = position + number
  return last < position - 1
end
local kept = tonumber(ARGV[7])
if kept == 0 then redis.call('DEL', KEYS[2]) elseif kept > 0 then redis.call('LTRIM', KEYS[2], 0, kept - 1) end
append(KEYS[2], tonumber(ARGV[13]), tonumber(ARGV[8]))
if append(KEYS[3], tonumber(ARGV[14]), tonumber(ARGV[9])) then redis.call('HSET', KEYS[1], 'cut', 1) end

seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
redis.call('HSET', KEYS[1], 'snapshot', ARGV[6], 'write', writeId, 'order', ARGV[3])
if ARGV[12] ~= '' then redis.call('HSET', KEYS[1], 'checkpoint', ARGV[12]) end
redis.call('SPUBLISH', KEYS[9], 's' .. seq .. mail .. ':' .. id .. '\\n' .. ARGV[6])
if not isEnd then return {'written', seq, mail} end

redis.call('HSET', KEYS[1], 'running', 0, 'completed', ARGV[16])
redis.call('HDEL', KEYS[1], 'owner')
if redis.call('HGET', KEYS[4], found[8]) == id then redis.call('HDEL', KEYS[4], found[8]) end
redis.call('ZADD', KEYS[6], found[7], id)
for index = 1, tonumber(ARGV[15]) do
  local notice = position + 3 * (index - 1)
  if ARGV[notice + 2] == '0' or mail == '+' then
    redis.call('ZADD', KEYS[9 + index], 0, ARGV[notice])
    redis.call('HSET', KEYS[7], ARGV[notice], ARGV[notice + 1])
  end
  redis.call('PEXPIRE', KEYS[9 + index], ttl)
end
for key = 1, 3 do redis.call('PEXPIRE', KEYS[key], ttl) end
for key = 6, 8 do redis.call('PEXPIRE', KEYS[key], ttl) end
if redis.call('HLEN', KEYS[4]) == 0 then redis.call('PEXPIRE', KEYS[5], ttl) end
return {'written', seq, mail, unpack(surplus())}`,
};

/**
 * KEYS: record. ARGV: owner, fence. Returns the record of a running sync whose fence was lower; its owner and fence if it
 * was not; nil if there is none that runs.
 */
export const CLAIM: Script = {
  source: `
local found = redis.call('HMGET', KEYS[1], 'running', 'fence', 'owner')
if found[1] ~= '1' then return false end
if tonumber(found[2]) >= tonumber(ARGV[2]) then return {'refused', found[3], found[2]} end
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'fence', ARGV[2], 'order', 0)
return {'claimed', unpack(redis.call('HMGET', KEYS[1], ${FIELDS}))}`,
};

/** KEYS: record, channel. ARGV: id, `+` or `-`. Returns the record as it is then; all nil if there is none. */
export const SET_MAIL: Script = {
  source: `
local found = redis.call('HMGET', KEYS[1], 'running', 'mail', 'snapshot')
if found[1] == '1' and found[2] ~= ARGV[2] then
  redis.call('HSET', KEYS[1], 'mail', ARGV[2])
  local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
  redis.call('SPUBLISH', KEYS[2], 's' .. seq .. ARGV[2] .. ':' .. ARGV[1] .. '\\n' .. found[3])
end
return redis.call('HMGET', KEYS[1], ${FIELDS})`,
};

/** KEYS: record, channel. ARGV: message. Publishes it if the sync exists. */
export const COMMAND: Script = {
  source: `
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('SPUBLISH', KEYS[2], ARGV[1]) end
return false`,
};

/**
 * KEYS: record, failures, log, index, ended, channel. ARGV: id, the time before which it must have ended. Returns 1 if it
 * was deleted, 0 if it was gone, and nil if it runs or has ended later.
 */
export const DELETE: Script = {
  source: `
local found = redis.call('HMGET', KEYS[1], 'running', 'completed')
if found[1] == '1' then return false end
if found[1] and tonumber(found[2]) >= tonumber(ARGV[2]) then return false end
local count = redis.call('DEL', KEYS[1])
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
if count == 1 then redis.call('SPUBLISH', KEYS[6], 'd:' .. ARGV[1]) end
return count`,
};
