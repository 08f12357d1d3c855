-- :checkhealth ai_lsp

local client = require("ai_lsp.client")
local commands = require("ai_lsp.commands")
local config = require("ai_lsp.config")
local keys = require("ai_lsp.keys")
local quiet = require("ai_lsp.quiet")
local status = require("ai_lsp.status")

local M = {}

local health = vim.health
local SETUP = 'write require("ai_lsp").setup() into init.lua'
local RIVALS = { copilot = "copilot.lua", supermaven_nvim = "supermaven", codeium = "codeium", minuet = "minuet" }

local function check_neovim()
  health.start("Neovim")
  if vim.fn.has("nvim-0.10") == 0 then
    return health.error("Neovim 0.10 or later is needed for ghost text")
  end
  health.ok("version " .. tostring(vim.version()))
  if vim.fn.exists("#ai_lsp") == 0 then
    health.error("ai_lsp is not set up", { SETUP })
  end
  for module, name in pairs(RIVALS) do
    if package.loaded[module] then
      health.warn(name .. " is loaded too: two ghost texts will cover each other", { "switch one of them off" })
    end
  end
end

local function check_program()
  health.start("Server")
  local cmd = config.get().cmd
  if vim.fn.executable(cmd[1]) == 0 then
    local advice = 'pip install ai-lsp, or give its full path: setup({ cmd = { "/path/to/ai-lsp", "serve" } })'
    return health.error(("%s is not on the PATH"):format(cmd[1]), { advice })
  end
  health.ok("starts as: " .. table.concat(cmd, " "))
  local running = vim.lsp.get_clients({ name = client.NAME })
  if #running == 0 then
    health.info("not running; it starts when one of these is opened: " .. table.concat(config.get().filetypes, ", "))
  end
  for _, one in ipairs(running) do
    local buffers = vim.tbl_keys(one.attached_buffers)
    local now = status.get(buffers[1])
    local report = now.state == "error" and health.error or health.ok
    report(("running for %d buffers, root %s: %s %s"):format(#buffers, one.root_dir or "none", now.state, now.message))
  end
end

local function check_keys()
  health.start("Keys")
  for name in vim.spairs(config.get().keys) do
    local key = keys.of(name)
    local other = key and vim.fn.maparg(key, "i", false, true)
    if not key then
      health.info(name .. ": none")
    elseif name ~= "suggest" and next(other) and other.buffer == 0 then
      health.ok(("%s: %s while there is ghost text, else %s"):format(name, key, other.desc or other.rhs or "another's"))
    else
      health.ok(("%s: %s"):format(name, key))
    end
  end
  local off = quiet.off(vim.api.nvim_get_current_buf())
  if off then
    health.warn("suggestions are " .. off)
  end
end

local function check_machine()
  health.start("Machine (ai-lsp doctor)")
  local ok, done = pcall(function() return vim.system(commands.program("doctor", "--json")):wait(120000) end)
  local read, findings = pcall(vim.json.decode, ok and done.stdout or "")
  if not read then
    return health.error("ai-lsp doctor does not run", { vim.trim(tostring(ok and done.stderr or done)) })
  end
  for _, one in ipairs(findings) do
    local report = ({ ok = health.ok, warning = health.warn, error = health.error })[one.state]
    local advice = one.state ~= "ok" and one.mend ~= "" and { one.mend } or nil
    report(one.name .. ": " .. one.finding, advice)
  end
end

function M.check()
  check_neovim()
  check_program()
  check_keys()
  if vim.fn.executable(config.get().cmd[1]) == 1 then
    check_machine()
  end
end

return M
