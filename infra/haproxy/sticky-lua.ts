/**
 * Chooses the replica of a client that sticks by header or address: of those that are up, the one whose address
 * hashes highest with what the client shows (rendezvous hashing). So each HAProxy chooses the same one whatever
 * order DNS told it the replicas in, which `balance source` and `balance hdr()` don't: they go by a server's number.
 * HAProxy 2.8 has no `hash-key`.
 */
export const stickyLua = `local up = {}

local function fnv(text)
  local hash = 0xcbf29ce484222325
  for index = 1, #text do hash = (hash ~ text:byte(index)) * 0x100000001b3 end
  return hash
end

local function mix(hash)
  hash = (hash ~ (hash >> 33)) * 0xff51afd7ed558ccd
  hash = (hash ~ (hash >> 33)) * 0xc4ceb9fe1a85ec53
  return hash ~ (hash >> 33)
end

local function look()
  for name, backend in pairs(core.backends) do
    local servers = {}
    for server, it in pairs(backend.servers) do
      if it:get_stats().status:sub(1, 2) == "UP" then
        servers[#servers + 1] = { name = server, hash = fnv(it:get_addr()) }
      end
    end
    up[name] = servers
  end
end

local seen = -1

local function refresh()
  local now = core.now()
  local ms = now.sec * 1000 + now.usec // 1000
  if ms - seen < 50 then return end
  seen = ms
  look()
end

core.register_fetches("sticky", function(txn, backend)
  refresh()
  local key = fnv(txn:get_var("txn.stick") or "")
  local best, highest = "", nil
  for _, server in ipairs(up[backend] or {}) do
    local score = mix(server.hash ~ key)
    if highest == nil or score > highest then best, highest = server.name, score end
  end
  return best
end)
`;
