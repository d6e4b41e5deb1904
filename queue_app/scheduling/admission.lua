-- Which waiting event of an app may start now, for all its processes: one command, which leaves a whole state.
-- The rules are those of scheduler.py and concurrency_group.py, which say why. ARGV: prefix of all keys, milliseconds
-- that a lease lasts, the command, its arguments (MessagePack), the message by which workers are told of a work, with
-- @ID@, @WORK@ and @QUEUE@ in it, and the queue of works that name none. Gives the answer and the works that may start,
-- each to be sent to a worker by whoever has asked: {answer, {{work, queue}, …}} (JSON). With a message they are sent
-- here, as the last thing of all, and none is given.
-- Kept are: figures (numbers of the app), groups (their keys), g: a group's, q: who waits in it, in order, b: those of
-- them that may run together, u: rounds of its users, line: groups that may start something, job: an event, jobs: where
-- each belongs, work: one run, leases: until when works are somebody's, fences: by which right events are told of,
-- untold: until when somebody may tell an end that nobody runs any more, done: how an event has ended, and its channel.
local call, prefix, patience, command = redis.call, ARGV[1], tonumber(ARGV[2]), ARGV[3]
local given = cmsgpack.unpack(ARGV[4])
local figures, line, leases = prefix .. 'figures', prefix .. 'line', prefix .. 'leases'
local MIDDLE, REMEMBERED, LONGEST, TELLING, started = 500000000000, 600, 300000, 2000, {}

local function now()
  local time = call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function number(key, field) return tonumber(call('HGET', key, field) or 0) end
local function add(key, field, by) return call('HINCRBY', key, field, by) end
local function figure(field) return number(figures, field) end
local function option(field)
  local found = call('HGET', figures, field)
  return found and found ~= '' and tonumber(found) or nil
end

local function group_of(key)
  local found = call('HMGET', prefix .. 'g:' .. key, 'limit', 'running', 'paused', 'line')
  return {key = key, hash = prefix .. 'g:' .. key, queue = prefix .. 'q:' .. key, users = prefix .. 'u:' .. key,
    limit = found[1] and found[1] ~= '' and tonumber(found[1]) or nil, running = tonumber(found[2] or 0),
    paused = found[3] == '1', in_line = found[4] == '1'}
end

local function is_open(group)
  if group.paused or (group.limit and group.running >= group.limit) then return false end
  return call('ZCARD', group.queue) > 0
end

local function enter(group)
  if not group.in_line and is_open(group) then
    group.in_line = true
    call('HSET', group.hash, 'line', 1)
    call('RPUSH', line, group.key)
  end
end

local function create(key, limit, ephemeral)
  if call('SADD', prefix .. 'groups', key) == 1 then
    call('HSET', prefix .. 'g:' .. key, 'limit', limit, 'running', 0, 'size', 0)
    if ephemeral then call('HSET', prefix .. 'g:' .. key, 'ephemeral', 1) end
    add(figures, 'idle', 1)
    return true
  end
  return false
end

local function tidy(key)
  local hash = prefix .. 'g:' .. key
  local found = call('HMGET', hash, 'ephemeral', 'running', 'size')
  if found[1] == '1' and tonumber(found[2]) == 0 and tonumber(found[3]) == 0 then
    call('DEL', hash, prefix .. 'u:' .. key)
    call('SREM', prefix .. 'groups', key)
    call('LREM', line, 0, key)
    add(figures, 'idle', -1)
  end
end

local function job_of(event)
  local flat = call('HGETALL', prefix .. 'job:' .. event)
  if #flat == 0 then return nil end
  local job = {event = event, key = prefix .. 'job:' .. event}
  for at = 1, #flat, 2 do job[flat[at]] = flat[at + 1] end
  job.level, job.batch, job.round = tonumber(job.level), tonumber(job.batch), tonumber(job.round or 0)
  return job
end

local function mates_key(group, job) return prefix .. 'b:' .. group.key .. ':' .. job.mates end

local function place(group, job, round, at, tie)
  job.round = round
  job.member = string.format('%012d%012d%013d%s:%s', MIDDLE + job.level, round, at, tie, job.event)
  call('ZADD', group.queue, 0, job.member)
  call('HSET', job.key, 'member', job.member, 'round', round, 'state', 'waiting')
  if job.batch > 1 then call('ZADD', mates_key(group, job), 0, job.member) end
end

local function rounds(group, job)
  local found = call('HGET', group.users, job.level .. '|' .. job.user)
  local last, many = string.match(found or '0:0', '(-?%d+):(%d+)')
  return tonumber(last), tonumber(many)
end

local function keep_rounds(group, job, last, many)
  local field = job.level .. '|' .. job.user
  if many > 0 then call('HSET', group.users, field, last .. ':' .. many) else call('HDEL', group.users, field) end
end

local function join(group, job)
  local round = number(group.hash, 'round:' .. job.level)
  local last, many = rounds(group, job)
  if many > 0 then round = math.max(round, last + 1) end
  place(group, job, round, MIDDLE + add(group.hash, 'arrivals', 1), 1)
  keep_rounds(group, job, round, many + 1)
  add(group.hash, 'size', 1)
  add(figures, 'waiting', 1)
end

local function leave(group, job)
  call('ZREM', group.queue, job.member)
  if job.batch > 1 then call('ZREM', mates_key(group, job), job.member) end
  local last, many = rounds(group, job)
  keep_rounds(group, job, last == job.round and last - 1 or last, many - 1)
  add(group.hash, 'size', -1)
  add(figures, 'waiting', -1)
end

local function room_of(user)
  local most = option('per_user')
  if not most then return figure('cap') end
  return most - number(prefix .. 'busy', user)
end

local function deferred_as(job) return job.user .. '\0' .. job.group .. '\0' .. job.member end

local function defer(group)
  while true do
    local first = call('ZRANGE', group.queue, 0, 0)[1]
    if not first then return end
    local job = job_of(string.match(first, ':(.*)$'))
    if room_of(job.user) > 0 then return end
    leave(group, job)
    add(group.hash, 'size', 1)
    add(figures, 'waiting', 1)
    call('HSET', job.key, 'state', 'deferred')
    call('ZADD', prefix .. 'deferred', 0, deferred_as(job))
  end
end

local function let_back(user)
  local room, seen = room_of(user), {}
  if room <= 0 then return end
  local found = call('ZRANGEBYLEX', prefix .. 'deferred', '[' .. user .. '\0', '(' .. user .. '\1')
  local back = {}
  for _, each in ipairs(found) do
    local key, member = string.match(each, '^[^%z]*%z([^%z]*)%z(.*)$')
    seen[key] = (seen[key] or 0) + 1
    if seen[key] <= room then table.insert(back, 1, {key, member, each}) end
  end
  for _, each in ipairs(back) do
    local group, job = group_of(each[1]), job_of(string.match(each[2], ':(.*)$'))
    call('ZREM', prefix .. 'deferred', each[3])
    local round = number(group.hash, 'round:' .. job.level)
    local own, at, tie = nil, MIDDLE + add(group.hash, 'arrivals', 1), 1
    for _, member in ipairs(call('ZRANGE', group.queue, 0, 200)) do
      local other = string.match(member, ':(.*)$')
      if call('HGET', prefix .. 'job:' .. other, 'user') == job.user then own = member; break end
    end
    if own and tonumber(string.sub(own, 13, 24)) == round then at, tie = tonumber(string.sub(own, 25, 37)), 0 end
    local last, many = rounds(group, job)
    place(group, job, round, at, tie)
    keep_rounds(group, job, many > 0 and math.max(last, round) or round, many + 1)
    enter(group)
  end
end

-- The next number of a work or a lease. The first one is the time: a Redis that has lost everything never gives again
-- what it has given before, and who holds that changes nothing of what is new. 13 digits are exact in texts, too.
local function following(counter)
  local found = call('INCR', prefix .. counter)
  if found > 1 then return found end
  local first = now()
  call('SET', prefix .. counter, string.format('%.0f', first))
  return first
end

-- A work may be begun by who gets its name. Each time that it is given again it lasts twice as long, so that few names
-- of it wait in a queue whose workers are all busy.
local function lease(work, key, events, queue, version)
  local fence, name = following('fence'), prefix .. 'work:' .. work
  call('HSET', name, 'group', key, 'events', cjson.encode(events), 'fence', fence, 'state', 'given', 'queue', queue,
    'version', version)
  local times = add(name, 'times', 1) - 1
  call('ZADD', leases, now() + math.min(patience * 2 ^ math.min(times, 16), math.max(patience, LONGEST)), work)
  for _, event in ipairs(events) do
    call('HSET', prefix .. 'job:' .. event, 'state', 'running', 'work', work)
    call('HSET', prefix .. 'fences', event, fence)
  end
  started[#started + 1] = {work, queue, fence}
end

local function start(group)
  local head = job_of(string.match(call('ZRANGE', group.queue, 0, 0)[1], ':(.*)$'))
  local jobs, room = {head}, {[head.user] = room_of(head.user) - 1}
  if head.batch > 1 then
    for _, member in ipairs(call('ZRANGE', mates_key(group, head), 0, -1)) do
      if #jobs == head.batch then break end
      local job = job_of(string.match(member, ':(.*)$'))
      if not room[job.user] then room[job.user] = room_of(job.user) end
      if job.event ~= head.event and room[job.user] > 0 then
        room[job.user] = room[job.user] - 1
        jobs[#jobs + 1] = job
      end
    end
  end
  local events = {}
  for at, job in ipairs(jobs) do
    leave(group, job)
    local field = 'round:' .. job.level
    call('HSET', group.hash, field, math.max(job.round, number(group.hash, field)))
    if option('per_user') then add(prefix .. 'busy', job.user, 1) end
    events[at] = job.event
  end
  if group.running == 0 then add(figures, 'idle', -1) end
  group.running = add(group.hash, 'running', 1)
  add(figures, 'at_work', 1)
  group.in_line = false
  call('HSET', group.hash, 'line', 0)
  enter(group)
  lease(following('works'), group.key, events, head.queue, head.version)
end

local function take()
  if figure('at_work') >= figure('cap') then return false end
  for _ = 1, call('LLEN', line) do
    local group = group_of(call('LPOP', line))
    if option('per_user') and is_open(group) then defer(group) end
    if not is_open(group) then
      call('HSET', group.hash, 'line', 0)
    else
      local free = figure('cap') - figure('at_work')
      if group.running > 0 and free <= math.min(figure('idle'), math.floor(figure('cap') / 4)) then
        call('RPUSH', line, group.key)
      else
        start(group)
        return true
      end
    end
  end
  return false
end

local function forget(job)
  call('DEL', job.key)
  call('HDEL', prefix .. 'jobs', job.event)
  call('HDEL', prefix .. 'fences', job.event)
  call('SET', prefix .. 'done:' .. job.event, (job.told or '') .. '\n' .. job.channel, 'EX', REMEMBERED)
end

-- An event that nobody runs has ended, and its visitor is to be told `why`: by who has asked, under this right; or, if
-- that one dies before it has, by who sweeps then. Whoever tells it lets it be forgotten (`told` of ship.lua).
local function owe(job, why)
  local fence = following('fence')
  call('HSET', job.key, 'state', 'untold', 'why', why)
  call('HSET', prefix .. 'fences', job.event, fence)
  call('ZADD', prefix .. 'untold', now() + math.max(patience, TELLING), job.event)
  return string.format('%.0f', fence)
end

local function mean(key)
  local many = number(prefix .. 'means', key .. ':many')
  return many > 0 and number(prefix .. 'means', key .. ':seconds') / many or nil
end

local function wait_of(group, position)
  local each, cap = mean('group:' .. group.key), figure('cap')
  if not each then return cjson.null end
  local width = math.max(1, math.min(group.limit and group.limit > 0 and group.limit or cap, cap))
  return each * (math.floor(position / width) + 1) + (group.running >= width and each or 0)
end

local function rank_of(event)
  local job = call('HMGET', prefix .. 'job:' .. event, 'state', 'group', 'member')
  if job[1] ~= 'waiting' then return cjson.null end
  local group = group_of(job[2])
  local position = call('ZRANK', group.queue, job[3])
  return {position, number(group.hash, 'size'), wait_of(group, position), group.paused}
end

-- The slot of a work is free again; `seconds` it took, or nil where that is no measure.
local function free(work, seconds, fn)
  local key = prefix .. 'work:' .. work
  local found = call('HMGET', key, 'group', 'events')
  local events = cjson.decode(found[2])
  call('DEL', key)
  call('ZREM', leases, work)
  if found[1] == '' then add(figures, 'direct', -1); return events end
  local group, users = group_of(found[1]), {}
  if option('per_user') then
    for _, event in ipairs(events) do
      local user = call('HGET', prefix .. 'job:' .. event, 'user') or call('HGET', prefix .. 'ended', event)
      call('HDEL', prefix .. 'ended', event)
      if user then
        if add(prefix .. 'busy', user, -1) <= 0 then call('HDEL', prefix .. 'busy', user) end
        users[user] = true
      end
    end
  end
  if seconds then
    local means = prefix .. 'means'
    call('HINCRBYFLOAT', means, 'group:' .. group.key .. ':seconds', seconds / #events)
    call('HINCRBYFLOAT', means, 'fn:' .. fn .. ':seconds', seconds)
    add(means, 'group:' .. group.key .. ':many', 1)
    add(means, 'fn:' .. fn .. ':many', 1)
  end
  group.running = add(group.hash, 'running', -1)
  add(figures, 'at_work', -1)
  if group.running == 0 then add(figures, 'idle', 1) end
  for user in pairs(users) do let_back(user) end
  enter(group_of(group.key))
  return events
end

local function keep(each)
  local key = prefix .. 'job:' .. each.event
  call('HSET', key, 'spec', each.spec, 'group', each.group, 'level', -each.priority, 'user', each.user, 'mates', each.mates,
    'batch', each.alone and 1 or each.batch, 'queue', each.queue, 'retries', each.retries, 'session', each.session,
    'channel', each.channel, 'outputs', each.outputs, 'created', each.created, 'version', each.version)
  call('HSET', prefix .. 'jobs', each.event, each.index)
  return job_of(each.event)
end

local function known_as(event)
  local waits, ended = call('HGET', prefix .. 'job:' .. event, 'channel'), call('GET', prefix .. 'done:' .. event)
  return waits or (ended and string.match(ended, '[^\n]*$'))
end

local does = {}

function does.declare(cap, max_size, per_user, groups)
  call('HSET', figures, 'cap', cap, 'max_size', max_size, 'per_user', per_user)
  for _, each in ipairs(groups) do
    local key, limit = each[1], each[2]
    if not create(key, limit, false) and call('HGET', prefix .. 'g:' .. key, 'pinned') ~= '1' then
      call('HSET', prefix .. 'g:' .. key, 'limit', limit)
      call('HDEL', prefix .. 'g:' .. key, 'ephemeral')
      enter(group_of(key))
    end
  end
  return true
end

function does.submit(each)
  if call('HEXISTS', figures, 'cap') == 0 then return {'undeclared'} end
  local known = known_as(each.event)
  if known then return {'known', known} end
  local most = option('max_size')
  if most and figure('waiting') >= most then return {'full', most, figure('waiting')} end
  create(each.group, each.limit, each.ephemeral)
  local group = group_of(each.group)
  if each.ephemeral and each.limit ~= '' and call('HGET', group.hash, 'ephemeral') == '1'
    and (not group.limit or each.limit < group.limit) then
    call('HSET', group.hash, 'limit', each.limit)
    group.limit = each.limit
  end
  if call('HGET', group.hash, 'draining') == '1' then return {'draining'} end
  join(group, keep(each))
  enter(group)
  while take() do end
  return {'taken', rank_of(each.event)}
end

function does.direct(each)
  local known = known_as(each.event)
  if known then return {'known', known} end
  keep(each)
  add(figures, 'direct', 1)
  lease(following('works'), '', {each.event}, each.queue, each.version)
  return {'taken', cjson.null}
end

-- Begin a work; or learn that another worker has to: this one (`node`, with `version` of the app) begins nothing new, or
-- has other code.
function does.claim(work, process, node, version)
  local key = prefix .. 'work:' .. work
  local found = call('HMGET', key, 'state', 'fence', 'events', 'group', 'version', 'queue')
  if found[1] ~= 'given' then return cjson.null end
  local fits = version == '' or version == found[5] or (found[5] == '' and version ~= '-')
  if not fits or (node ~= '' and call('HEXISTS', 'blocks.draining', node) == 1) then
    return {false, found[6], found[5], fits}
  end
  call('HSET', key, 'state', 'claimed', 'process', process, 'since', now())
  call('ZADD', leases, now() + patience, work)
  local specs, again = {}, false
  for _, event in ipairs(cjson.decode(found[3])) do
    local job = call('HMGET', prefix .. 'job:' .. event, 'spec', 'tried')
    if job[1] then
      specs[#specs + 1] = job[1]
      again = again or job[2] ~= false
    end
  end
  return {found[2], specs, found[4] ~= '', again}
end

-- A work that could not be begun by who got it is given to others, under the name of another queue.
function does.hand_on(work, queue)
  local key = prefix .. 'work:' .. work
  local found = call('HMGET', key, 'state', 'fence')
  if found[1] ~= 'given' then return false end
  call('ZADD', leases, now() + patience, work)
  started[#started + 1] = {work, queue, found[2] .. '.on'}
  return true
end

-- Which works are lost, and which events were cancelled meanwhile: that was announced, too, but may not have been heard.
function does.renew(process, works)
  local lost, cancelled = {}, {}
  for _, each in ipairs(works) do
    local found = call('HMGET', prefix .. 'work:' .. each[1], 'fence', 'process', 'cancelled')
    if found[1] == each[2] and found[2] == process then
      call('ZADD', leases, now() + patience, each[1])
      if found[3] then
        for _, how in ipairs(cjson.decode(found[3])) do cancelled[#cancelled + 1] = how end
      end
    else
      lost[#lost + 1] = each[1]
    end
  end
  return {lost, cancelled}
end

function does.ended(event, fence)
  local job = job_of(event)
  if not job or call('HGET', prefix .. 'fences', event) ~= fence then return false end
  if option('per_user') and job.group ~= '' then call('HSET', prefix .. 'ended', event, job.user) end
  forget(job)
  return true
end

function does.finish(work, fence, seconds, fn, open)
  local key = prefix .. 'work:' .. work
  local found = call('HMGET', key, 'fence', 'group')
  if found[1] ~= fence then return false end
  local goes_on = {}
  for _, event in ipairs(open) do goes_on[event] = true end
  for _, event in ipairs(free(work, seconds ~= '' and seconds or nil, fn)) do
    local job = job_of(event)
    if job and not goes_on[event] then forget(job) end
  end
  while take() do end
  if found[2] ~= '' then tidy(found[2]) end
  return true
end

function does.cancel(event, how)
  local job = job_of(event)
  if not job then return {''} end
  if job.state == 'running' then
    local key, left = prefix .. 'work:' .. job.work, {}
    local found = call('HMGET', key, 'state', 'events', 'cancelled')
    if found[1] ~= 'given' then
      local all = found[3] and cjson.decode(found[3]) or {}
      all[#all + 1] = how
      call('HSET', key, 'cancelled', cjson.encode(all))
      call('HSET', job.key, 'retries', 0)
      return {'running'}
    end
    for _, each in ipairs(cjson.decode(found[2])) do
      if each ~= event then left[#left + 1] = each end
    end
    if #left == 0 then
      free(job.work)
    else
      call('HSET', key, 'events', cjson.encode(left))
      if option('per_user') and add(prefix .. 'busy', job.user, -1) <= 0 then call('HDEL', prefix .. 'busy', job.user) end
    end
    local fence = owe(job, 'cancelled')
    while take() do end
    return {'waiting', job.channel, job.spec, fence}
  end
  if job.state == 'untold' then return {''} end
  local group = group_of(job.group)
  if job.state == 'deferred' then
    call('ZREM', prefix .. 'deferred', deferred_as(job))
    add(group.hash, 'size', -1)
    add(figures, 'waiting', -1)
  else
    leave(group, job)
  end
  local fence = owe(job, 'cancelled')
  tidy(job.group)
  return {'waiting', job.channel, job.spec, fence}
end

function does.change(key, action, limit)
  local hash = prefix .. 'g:' .. key
  if action == 'pause' or action == 'resume' then call('HSET', hash, 'paused', action == 'pause' and 1 or 0) end
  if action == 'drain' or action == 'reopen' then call('HSET', hash, 'draining', action == 'drain' and 1 or 0) end
  if action == 'limit' then call('HSET', hash, 'limit', limit, 'pinned', 1) end
  enter(group_of(key))
  while take() do end
  return true
end

-- The events of a work that runs no more: each ends, or waits again in front, as often as its listener says; but for
-- those whose end was told before (`told` of ship.lua).
local function let_go(work, died)
  local key = call('HGET', prefix .. 'work:' .. work, 'group')
  local events = free(work)
  for at = #events, 1, -1 do
    local event = events[at]
    local job = job_of(event)
    if job then
      call('HDEL', prefix .. 'fences', event)
      local fence
      local again = not job.told and tonumber(job.retries) > 0
      if again then call('HSET', job.key, 'retries', tonumber(job.retries) - 1, 'tried', 1) end
      if again and job.group == '' then
        add(figures, 'direct', 1)
        lease(following('works'), '', {event}, job.queue, job.version)
      elseif again then
        local group = group_of(job.group)
        place(group, job, number(group.hash, 'round:' .. job.level), MIDDLE - add(group.hash, 'fronts', 1), 1)
        local last, many = rounds(group, job)
        keep_rounds(group, job, math.max(last, job.round), many + 1)
        add(group.hash, 'size', 1)
        add(figures, 'waiting', 1)
        enter(group)
      elseif job.told then
        forget(job)
      else
        fence = owe(job, '')
      end
      died[#died + 1] = {event, job.channel, job.spec, again, job.told and 'told' or '', fence or ''}
    end
  end
  if key and key ~= '' then tidy(key) end
end

-- Those of a work that nobody can begin.
local function refuse(work, why, died)
  local key = call('HGET', prefix .. 'work:' .. work, 'group')
  for _, event in ipairs(free(work)) do
    local job = job_of(event)
    if job then died[#died + 1] = {event, job.channel, job.spec, false, why, owe(job, why)} end
  end
  if key and key ~= '' then tidy(key) end
end

-- Ends that were not told by whoever was to; and works whose lease is over: what was never begun is given once more, where a worker lives that can run it (`served`, by
-- queue and version; false where that is not known); what was begun has died.
-- Where none lives, it is waited for `wait` milliseconds; for a version that is over (`outdated`), for nobody.
function does.sweep(served, outdated, wait)
  local died, missing, can, over = {}, {}, {}, {}
  for _, each in ipairs(served or {}) do
    can[each[1] .. '\0' .. each[2]], can[each[1] .. '\0'] = true, true
    call('HDEL', prefix .. 'unserved', each[1] .. '\0' .. each[2], each[1] .. '\0')
  end
  for _, version in ipairs(outdated or {}) do over[version] = true end
  for _, event in ipairs(call('ZRANGEBYSCORE', prefix .. 'untold', '-inf', now(), 'LIMIT', 0, 100)) do
    local job = job_of(event)
    if job then
      died[#died + 1] = {event, job.channel, job.spec, false, job.why, owe(job, job.why)}
    else
      call('ZREM', prefix .. 'untold', event)
    end
  end
  for _, work in ipairs(call('ZRANGEBYSCORE', leases, '-inf', now(), 'LIMIT', 0, 100)) do
    local found = call('HMGET', prefix .. 'work:' .. work, 'state', 'group', 'events', 'queue', 'version')
    if not found[1] then
      call('ZREM', leases, work)
    elseif found[1] ~= 'given' then
      let_go(work, died)
    elseif not served or can[found[4] .. '\0' .. found[5]] then
      lease(work, found[2], cjson.decode(found[3]), found[4], found[5])
    else
      local key, name = prefix .. 'unserved', found[4] .. '\0' .. found[5]
      if call('HSETNX', key, name, now()) == 1 then missing[#missing + 1] = {found[4], found[5]} end
      call('EXPIRE', key, 86400)
      if over[found[5]] or now() - tonumber(call('HGET', key, name)) > wait then
        refuse(work, over[found[5]] and 'outdated' or 'unserved', died)
      else
        call('ZADD', leases, now() + math.min(patience, math.max(wait, 100)), work)
      end
    end
  end
  while take() do end
  return {died, missing}
end

-- Whoever runs a work ends before it does: the next sweep finds it, and nothing is told any more under this lease.
function does.expire(work, fence)
  local key = prefix .. 'work:' .. work
  local found = call('HMGET', key, 'fence', 'events')
  if found[1] ~= fence then return false end
  call('HSET', key, 'process', '')
  for _, event in ipairs(cjson.decode(found[2])) do call('HDEL', prefix .. 'fences', event) end
  call('ZADD', leases, 0, work)
  return true
end

-- A work that nobody will ever begin, as its version is over.
function does.refuse(work)
  local died = {}
  if call('HGET', prefix .. 'work:' .. work, 'state') == 'given' then refuse(work, 'outdated', died) end
  while take() do end
  return died
end

function does.ranks(events)
  local found = {}
  for at, event in ipairs(events) do found[at] = rank_of(event) end
  return found
end

function does.running(events)
  local found = {}
  for at, event in ipairs(events) do
    local work = call('HGET', prefix .. 'job:' .. event, 'work')
    local since = work and call('HGET', prefix .. 'work:' .. work, 'since')
    found[at] = since and (now() - tonumber(since)) / 1000 or cjson.null
  end
  return found
end

function does.snapshot(keys)
  local groups = {}
  for at, key in ipairs(keys) do
    local group = group_of(key)
    local first = call('ZRANGE', group.queue, 0, 0)[1]
    local size = number(group.hash, 'size')
    groups[at] = {group.limit or cjson.null, group.running, size, mean('group:' .. key) or cjson.null,
      wait_of(group, size), first and call('HGET', prefix .. 'job:' .. string.match(first, ':(.*)$'), 'created') or
      cjson.null, group.paused, call('HGET', group.hash, 'draining') == '1'}
  end
  return {figure('waiting'), figure('at_work'), figure('direct'), groups}
end

local function send(work, queue, fence)
  local name = queue ~= '' and queue or ARGV[6]
  local parts = {ID = prefix .. work .. '.' .. fence, WORK = work, QUEUE = name}
  call('LPUSH', name, (string.gsub(ARGV[5], '@(%u+)@', function(part)
    return parts[part] and string.sub(cjson.encode(tostring(parts[part])), 2, -2)
  end)))
end

local answer = does[command](unpack(given))
if ARGV[5] ~= '' then
  for _, each in ipairs(started) do send(each[1], each[2], each[3]) end
  started = {}
end
return cjson.encode({answer, started})
