-- Whose a session is: the visitor's who has asked first. ARGV: prefix, session, life and owner of the claim as JSON ("" to
-- look only), seconds. Gives life and owner as JSON, the last number of its messages, and its open events.
local call, prefix, name, mine = redis.call, ARGV[1], ARGV[2], ARGV[3]
local key = prefix .. 'owner:' .. name
local found = call('GET', key)
if mine ~= '' then
  local owner = found and cjson.decode(found)[2]
  if not found then
    found = mine
  elseif owner == cjson.null then
    found = cjson.encode({cjson.decode(found)[1], cjson.decode(mine)[2]})
  end
  call('SET', key, found, 'EX', ARGV[4])
end
return {found or '', call('HGET', prefix .. 'm:' .. name, 'number') or 0, call('HGETALL', prefix .. 'o:' .. name)}
