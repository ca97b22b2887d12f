-- Reads or writes documents at random under a path: `wrk -s load.lua URL -- PUT /documents/ 10000`.
-- `READ` asks for the path as it is, and `FILL` puts one document after the other.
local method, path, count, thread, place = "GET", "/", 1, 0, 0
local filler = string.rep("How far a piece of work is, in words that differ a little from each other. ", 10)

function setup(t)
  t:set("number", thread)
  thread = thread + 1
end

function init(arguments)
  method, path, count = arguments[1], arguments[2], tonumber(arguments[3])
  math.randomseed(number * 7919 + 17)
end

function request()
  if method == "READ" then return wrk.format("GET", path) end
  place = method == "FILL" and place % count + 1 or math.random(count)
  local target = path .. string.format("d%06d", place)
  if method == "GET" then return wrk.format("GET", target) end
  local body = string.format('{\n  "title": "%d",\n  "text": "%s"\n}\n', math.random(1000000), filler)
  return wrk.format("PUT", target, { ["Content-Type"] = "application/json" }, body)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %f %f %d\n", summary.requests / summary.duration * 1e6, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
