-- What one process has written to the channels of an app, and what it wants to read of them: all of it at once.
-- ARGV: prefix of all keys, name of the process, number of this shipment, seconds that channels are kept, most messages
-- and most bytes of a channel, most bytes of its completions, the text of a completion that is not kept ("EVENT" for the
-- id), which kinds supersede which (JSON), and per channel its name with what is to be done (MessagePack).
-- Of a channel are kept: s: the messages (stream), m: its figures, o: open events with the numbers of their first
-- message and last yield, v: values of these yields, and completions kept for viewers, r: the processes that read it,
-- w: what the page of the session shows, by block, where links to it can be made, q: processes that have opened events
-- of it, each with the event, and hear of its end alone.
local call, prefix, me = redis.call, ARGV[1], ARGV[2]
local shipment, kept = tonumber(ARGV[3]), tonumber(ARGV[4])
local most, most_bytes, most_ends, not_kept = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8]
local supersedes = cjson.decode(ARGV[9])
local replaced = {}
for _, kinds in pairs(supersedes) do
  for _, kind in ipairs(kinds) do replaced[kind] = true end
end
local LARGEST_END = 1048576
local LETTERS = {'s', 'm', 'o', 'v', 'r', 'w', 'q'}
local FRESH = math.floor(kept / 10) -- seconds after which all of a channel is kept anew; what is written is at once

local function load(name)
  local c = {name = name, changed = false, written = {m = true}}
  for _, letter in ipairs(LETTERS) do c[letter] = prefix .. letter .. ':' .. name end
  local found = call('HMGET', c.m, 'number', 'gone', 'bytes', 'epoch', 'room', 'fresh')
  c.number, c.gone = tonumber(found[1] or 0), tonumber(found[2] or 0)
  c.bytes, c.epoch, c.room = tonumber(found[3] or 0), found[4] or '', tonumber(found[5] or most)
  c.fresh = tonumber(found[6] or 0)
  return c
end

local function begin(c)
  if c.epoch == '' then
    local time = call('TIME')
    c.epoch = time[1] .. '.' .. time[2] .. '.' .. me
  end
end

local function save(c, now)
  if c.epoch == '' then return end
  if now - c.fresh > FRESH then
    c.fresh = now
    for _, letter in ipairs(LETTERS) do c.written[letter] = true end
    call('EXPIRE', prefix .. 'owner:' .. c.name, kept)
    call('EXPIRE', prefix .. 'here:' .. c.name, kept)
  end
  call('HSET', c.m, 'number', c.number, 'gone', c.gone, 'bytes', c.bytes, 'epoch', c.epoch, 'room', c.room,
    'fresh', c.fresh)
  for letter in pairs(c.written) do call('EXPIRE', c[letter], kept + FRESH) end
end

local function wake(c)
  for _, process in ipairs(call('SMEMBERS', c.r)) do
    if process ~= me and call('PUBLISH', prefix .. 'wake:' .. process, c.name) == 0 then call('SREM', c.r, process) end
  end
end

-- Who has opened an event hears that it is over; "" for all events of a channel that is no more.
local function tell_opener(c, event)
  for _, each in ipairs(call('SMEMBERS', c.q)) do
    local process, opened = string.match(each, '^(%S+) (.*)$')
    if event == '' or opened == event then
      call('SREM', c.q, each)
      if process ~= me then call('PUBLISH', prefix .. 'wake:' .. process, ' ' .. opened .. ' ' .. c.name) end
    end
  end
end

local function entry(raw)
  local found = {number = tonumber(string.match(raw[1], '^%d+')), fields = raw[2]}
  for at = 1, #raw[2], 2 do found[raw[2][at]] = raw[2][at + 1] end
  return found
end

local function entries(c, first)
  local found = {}
  for _, raw in ipairs(call('XRANGE', c.s, first .. '-0', '+')) do found[#found + 1] = entry(raw) end
  return found
end

local function add(c, number, text, kind, event, diff)
  c.written.s = true
  call('XADD', c.s, number .. '-0', 't', text, 'k', kind, 'e', event, 'd', diff)
end

local function lose(c, each)
  call('XDEL', c.s, each.number .. '-0')
  c.bytes = c.bytes - #each.t
  if each.number > c.gone then c.gone = each.number end
end

local function rewrite(c, list)
  call('DEL', c.s)
  c.bytes = 0
  for _, each in ipairs(list) do
    add(c, each.number, each.t, each.k, each.e, each.d)
    c.bytes = c.bytes + #each.t
  end
end

local function without_values(each)
  local text = string.gsub(not_kept, 'EVENT', each.e)
  if #text < #each.t then each.t = text end
end

local function numbers(c, event)
  local found = call('HGET', c.o, event)
  if not found then return nil end
  local first, yielded = string.match(found, '(%d+):(%d+)')
  return tonumber(first), tonumber(yielded)
end

local function may_tell(event, fence)
  return not fence or fence == '' or call('HGET', prefix .. 'fences', event) == fence
end

-- Who runs an event has told `how` it has ended: if they die before they give its slot back, nobody tells another end;
-- see admission.lua, which forgets the event then. One that nobody runs (`owe` there) is forgotten here.
local function told(event, fence, how)
  if not fence or fence == '' or not may_tell(event, fence) then return end
  local key = prefix .. 'job:' .. event
  local found = call('HMGET', key, 'state', 'channel')
  if found[1] == 'untold' then
    call('DEL', key)
    call('HDEL', prefix .. 'jobs', event)
    call('HDEL', prefix .. 'fences', event)
    call('ZREM', prefix .. 'untold', event)
    call('SET', prefix .. 'done:' .. event, how .. '\n' .. found[2], 'EX', 600)
  elseif found[2] then
    call('HSET', key, 'told', how)
  end
end

local function is_over(event)
  return call('EXISTS', prefix .. 'done:' .. event) == 1 or call('HEXISTS', prefix .. 'job:' .. event, 'told') == 1
end

-- Where an event stands is told by another process than the one that runs it, and may come when it has begun or ended.
local function is_late(kind, event)
  return kind == 'estimation' and (call('HEXISTS', prefix .. 'fences', event) == 1 or is_over(event))
end

local function publish(c, op)
  local text, kind, event, diff, values, fence = op[2], op[3], op[4], op[5], op[6], op[7]
  if not may_tell(event, fence) or is_late(kind, event) then return end
  if kind == 'process_completed' then told(event, fence, values) end
  begin(c)
  c.number = c.number + 1
  if kind == 'process_generating' then
    local first = numbers(c, event)
    if first then
      call('HSET', c.o, event, first .. ':' .. c.number)
      if values and values ~= '' then
        c.written.v = true
        call('HSET', c.v, event, values)
      end
    end
  else
    for _, stale in ipairs(supersedes[kind] or {}) do
      local field = 'last:' .. stale .. ':' .. event
      local found = call('HGET', c.m, field)
      if found then
        local number, size = string.match(found, '(%d+):(%d+)')
        if call('XDEL', c.s, number .. '-0') == 1 then c.bytes = c.bytes - tonumber(size) end
        call('HDEL', c.m, field)
      end
    end
    if replaced[kind] then call('HSET', c.m, 'last:' .. kind .. ':' .. event, c.number .. ':' .. #text) end
    if kind == 'process_completed' and call('HEXISTS', c.m, 'keep:' .. event) == 1 then
      local each = {e = event, t = text}
      if #text > LARGEST_END then without_values(each) end
      c.written.v = true
      call('HSET', c.v, 'end:' .. event, c.number .. ':' .. each.t)
    end
  end
  add(c, c.number, text, kind, event, diff)
  c.bytes, c.changed = c.bytes + #text, true
end

local function trim(c, number)
  for _, raw in ipairs(call('XRANGE', c.s, '-', string.format('%d-0', number))) do lose(c, entry(raw)) end
end

local function shrink(c, most_kept)
  local size, found = 0, entries(c, 0)
  local left = {}
  for at = #found, 1, -1 do
    local each = found[at]
    size = size + #each.t
    if size > most_kept then
      if each.k == 'process_completed' then without_values(each) else each.lost = true end
    end
  end
  for _, each in ipairs(found) do
    if each.lost then c.gone = math.max(c.gone, each.number) else left[#left + 1] = each end
  end
  rewrite(c, left)
  c.room = most
end

local function compact(c)
  local found, left, size, rewritten = entries(c, 0), {}, 0, false
  for _, each in ipairs(found) do
    local stays = true
    if each.k == 'process_generating' then
      local first, yielded = numbers(c, each.e)
      stays = each.d ~= '1' and (not first or yielded == each.number)
    end
    if stays then
      left[#left + 1] = each
      size = size + #each.t
    else
      lose(c, each)
    end
  end
  local count, ends = #left, {}
  for _, each in ipairs(left) do
    local over = count > most / 2 or size > most_bytes / 2
    if over and each.k ~= 'process_completed' and each.number ~= c.number then
      count, size = count - 1, size - #each.t
      lose(c, each)
    else
      ends[#ends + 1] = each
    end
  end
  for _, each in ipairs(ends) do
    if size <= math.max(most_bytes, most_ends) then break end
    if each.k == 'process_completed' and each.number ~= c.number then
      size = size - #each.t
      without_values(each)
      size, rewritten = size + #each.t, true
    end
  end
  if rewritten then rewrite(c, ends) end
  for at = 1, count - most do lose(c, ends[at]) end
  c.room = math.max(most, 2 * math.min(count, most))
end

local function jump(c, after)
  begin(c)
  local found = entries(c, 0)
  for _, each in ipairs(found) do each.number = each.number + after end
  rewrite(c, found)
  for event in pairs((function() local all = {}; local flat = call('HGETALL', c.o)
    for at = 1, #flat, 2 do all[flat[at]] = true end; return all end)()) do
    local first, yielded = numbers(c, event)
    call('HSET', c.o, event, (first + after) .. ':' .. (yielded > 0 and yielded + after or 0))
  end
  for at, value in ipairs(call('HGETALL', c.m)) do
    if at % 2 == 1 and string.find(value, '^last:') then call('HDEL', c.m, value) end
  end
  c.number, c.gone, c.epoch = c.number + after, after, ''
  begin(c)
end

local function acknowledge(c, number)
  for _, value in ipairs(call('HVALS', c.o)) do
    number = math.min(number, tonumber(string.match(value, '%d+')) - 1)
  end
  trim(c, number)
end

local function drop(c)
  c.number, c.gone, c.bytes, c.epoch, c.room, c.changed = 0, 0, 0, '', most, false
  call('DEL', c.s, c.m, c.o, c.v, c.w, prefix .. 'here:' .. c.name)
  wake(c)
  tell_opener(c, '')
  call('DEL', c.r)
end

local function is_empty(c)
  local size = call('XLEN', c.s) + call('HLEN', c.o) + call('HLEN', c.w) + call('SCARD', c.q)
  return size == 0 and call('SCARD', c.r) == 0 and call('SCARD', prefix .. 'here:' .. c.name) == 0
end

local function show(c, op)
  local event, fence, parts = op[2], op[3], op[4]
  if not may_tell(event, fence) then return end
  begin(c)
  c.written.w = true
  for at = 1, #parts, 2 do
    if parts[at + 1] == '' then call('HDEL', c.w, parts[at]) else call('HSET', c.w, parts[at], parts[at + 1]) end
  end
end

local function show_again(c, but)
  local stays = {}
  for _, number in ipairs(but) do stays[number] = true end
  for _, number in ipairs(call('HKEYS', c.w)) do
    if not stays[number] then call('HDEL', c.w, number) end
  end
end

-- A reader without numbers is given what nobody has said to have written. So another one is given nothing while the
-- process of the one before still has to say that (`holder`), unless that process is gone: nothing comes twice.
local function is_numbered(mark) return string.sub(mark, -1) == '#' end

local function hold(c, mark, process) call('HSET', c.m, 'holder', mark, 'holder_of', process) end

local function take_over(c, mark)
  call('HSET', c.m, 'reader', mark, 'reader_of', me)
  c.changed = true
  if is_numbered(mark) then return end
  local found = call('HMGET', c.m, 'holder', 'holder_of')
  if not found[1] or found[2] == me or call('PUBSUB', 'NUMSUB', prefix .. 'wake:' .. found[2])[2] == 0 then
    hold(c, mark, me)
  end
end

local function let_go(c, mark)
  if call('HGET', c.m, 'holder') ~= mark then return end
  call('HDEL', c.m, 'holder', 'holder_of')
  local found = call('HMGET', c.m, 'reader', 'reader_of')
  if found[1] and found[1] ~= mark and not is_numbered(found[1]) then
    hold(c, found[1], found[2])
    c.changed = true
  end
end

local apply = {
  p = publish,
  s = function(c) begin(c); c.number = c.number + 1; c.gone = c.number end,
  o = function(c, op) -- a page may submit an event once more, of which it does not know that it was taken
    begin(c)
    c.written.o = true
    if not is_over(op[2]) then call('HSETNX', c.o, op[2], (c.number + 1) .. ':0') end
  end,
  c = function(c, op)
    if not may_tell(op[2], op[3]) then return end
    call('HDEL', c.o, op[2])
    call('HDEL', c.v, op[2])
    c.changed = true
    tell_opener(c, op[2])
  end,
  a = function(c, op) acknowledge(c, op[2]) end,
  t = function(c, op) trim(c, op[2]) end,
  h = function(c, op) shrink(c, op[2]) end,
  x = drop,
  e = function(c) if is_empty(c) then drop(c) end end,
  v = show,
  z = function(_, op) told(op[2], op[3], '') end,
  w = function(c, op) show_again(c, op[2]) end,
  r = function(c, op)
    begin(c)
    c.written.r = true
    call('SADD', c.r, me)
    if op[2] > c.number then jump(c, op[2]) end
    if op[3] ~= '' then take_over(c, op[3]) end
  end,
  y = function(c, op) -- its process does not say it, and has had time enough
    if call('HGET', c.m, 'reader') == op[2] then hold(c, op[2], me) end
  end,
  q = function(c, op) if c.epoch ~= '' then c.written.q = true; call('SADD', c.q, me .. ' ' .. op[2]) end end, -- as f
  f = function(c) if c.epoch ~= '' then c.written.r = true; call('SADD', c.r, me) end end, -- else it was lost, which is to be seen
  l = function(c, op)
    if op[3] then call('SREM', c.r, me) end
    if op[2] ~= '' and call('HGET', c.m, 'reader') == op[2] then call('HDEL', c.m, 'reader', 'reader_of') end
    if op[4] ~= '' then let_go(c, op[4]) end
  end,
  n = function(c, op)
    begin(c)
    call(op[2] and 'SADD' or 'SREM', prefix .. 'here:' .. c.name, me)
    if op[2] then call('EXPIRE', prefix .. 'here:' .. c.name, kept + FRESH) end
  end,
  k = function(c, op) begin(c); call('HSET', c.m, 'keep:' .. op[2], 1) end,
  d = function(c, op) call('HDEL', c.m, 'keep:' .. op[2]); call('HDEL', c.v, 'end:' .. op[2]) end,
}

local function pairs_of(key)
  return call('HGETALL', key)
end

local function read(c, after, whole)
  local found = {}
  if after >= 0 then
    for _, each in ipairs(entries(c, after + 1)) do
      found[#found + 1] = {each.number, each.t, each.k, each.e, each.d}
    end
  end
  local values, readers = whole and pairs_of(c.v) or {}, call('HMGET', c.m, 'reader', 'holder')
  return {c.name, c.number, c.gone, c.epoch, readers[1] or '', readers[2] or '', found, pairs_of(c.o), values}
end

local doubled = tonumber(call('GET', prefix .. 'shipped:' .. me) or 0) >= shipment
call('SET', prefix .. 'shipped:' .. me, shipment, 'EX', kept)
local answers, now = {}, tonumber(call('TIME')[1])
for _, each in ipairs(cmsgpack.unpack(ARGV[10])) do
  local c = load(each[1])
  if not doubled then
    for _, op in ipairs(each[2]) do apply[op[1]](c, op) end
    if c.epoch ~= '' and (c.bytes > most_bytes or c.number - c.gone > c.room) then
      if c.bytes > most_bytes or call('XLEN', c.s) > c.room then compact(c) end
    end
    save(c, now)
    if c.changed then wake(c) end
  end
  if each[3] then answers[#answers + 1] = read(c, each[4], each[5]) end
end
return cmsgpack.pack(answers)
