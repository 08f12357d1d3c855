-- :AiLsp and its subcommands.

local client = require("ai_lsp.client")
local config = require("ai_lsp.config")
local instruction = require("ai_lsp.instruction")
local quiet = require("ai_lsp.quiet")
local status = require("ai_lsp.status")
local suggestion = require("ai_lsp.suggestion")
local why = require("ai_lsp.why")
local window = require("ai_lsp.window")

local M = {}

local function say(message, level)
  vim.notify("ai-lsp: " .. message, level or vim.log.levels.INFO)
end

-- Calls `on_result` with what the server says; complains when it says nothing.
local function ask(command, arguments, on_result)
  client.execute(0, command, arguments, function(result)
    if result then
      on_result(result)
    else
      say("there is no server for this buffer, or nothing was asked yet; see :checkhealth ai_lsp")
    end
  end)
end

local function show_why(number)
  ask("ai-lsp.why", { tonumber(number) }, function(trace)
    local lines = why.lines(trace)
    local off = quiet.off(vim.api.nvim_get_current_buf())
    if off then
      table.insert(lines, 1, "Now: " .. off)
    end
    window.open("why", lines)
  end)
end

local function percent(part, all)
  return all > 0 and (" (%d %%)"):format(math.floor(part / all * 100 + 0.5)) or ""
end

local function show_stats()
  ask("ai-lsp.stats", {}, function(stats)
    local lines = {
      ("%d requests since the server was started"):format(stats.requests),
      "",
      ("answered with a text  %d%s"):format(stats.suggested, percent(stats.suggested, stats.requests)),
      ("shown                 %d"):format(stats.shown),
      ("accepted              %d%s"):format(stats.accepted, percent(stats.accepted, stats.shown)),
      ("accepted in part      %d"):format(stats.partly_accepted),
      ("runs of the model     %d, %d to the end"):format(stats.started, stats.completed),
      ("time to answer        %.0f ms, 95 %% within %.0f ms"):format(stats.median_ms, stats.p95_ms),
    }
    if #stats.silences > 0 then
      vim.list_extend(lines, { "", "Of the latest requests, nothing was suggested because" })
    end
    for _, one in ipairs(stats.silences) do
      lines[#lines + 1] = ("%5d  %s"):format(one.count, one.reason)
    end
    window.open("stats", lines)
  end)
end

local function show_status()
  local now = status.get()
  local off = quiet.off(vim.api.nvim_get_current_buf())
  say(now.state .. (now.message ~= "" and ": " .. now.message or "") .. (off and "; " .. off or ""))
end

-- Opens the file that the server logs to: its own, else that of Neovim's LSP client.
local function open_log()
  local cmd = config.get().cmd
  local path = vim.lsp.get_log_path and vim.lsp.get_log_path() or vim.lsp.log.get_filename()
  for at, word in ipairs(cmd) do
    path = word == "--log-file" and cmd[at + 1] or path
  end
  vim.cmd.tabedit(vim.fn.fnameescape(path))
  vim.cmd.normal({ "G", bang = true })
end

-- Returns the command line of the `ai-lsp` program that our server is started with.
local function program(...)
  local words = {}
  for _, word in ipairs(config.get().cmd) do
    if word == "serve" then
      break
    end
    words[#words + 1] = word
  end
  return vim.list_extend(words, { ... })
end
M.program = program

local models -- their names

local function model_names()
  if not models then
    local ok, done = pcall(function() return vim.system(program("models", "list", "--json")):wait(5000) end)
    local found, list = pcall(vim.json.decode, ok and done.stdout or "")
    models = vim.tbl_map(function(one) return one.name end, found and list or {})
  end
  return models
end

local function model(name)
  if not name then
    return ask("ai-lsp.status", {}, function(state)
      local message = state.message ~= state.model and state.message ~= "" and ": " .. state.message or ""
      say(("model %s, %s%s"):format(state.model, state.engine, message))
    end)
  end
  client.set("model.name", name)
  say("model " .. name .. " until Neovim ends; to keep it: setup({ settings = { model = { name = ... } } })")
end

local function set_enabled(enabled, everywhere)
  if everywhere then
    vim.g.ai_lsp = enabled
    vim.iter(vim.api.nvim_list_bufs()):each(function(buf) vim.b[buf].ai_lsp = nil end)
  else
    vim.b.ai_lsp = enabled
  end
  suggestion.drop()
  say((enabled and "on" or "off") .. (everywhere and " everywhere" or " in this buffer"))
  vim.cmd.redrawstatus()
end

local SUBCOMMANDS = {
  why = show_why,
  stats = show_stats,
  status = show_status,
  log = open_log,
  model = model,
  restart = function()
    client.restart(status.handlers, instruction.commands)
    say("the server starts again")
  end,
  toggle = function(where) set_enabled(not quiet.enabled(0), where == "all") end,
  enable = function(where) set_enabled(true, where == "all") end,
  disable = function(where) set_enabled(false, where == "all") end,
  health = function() vim.cmd.checkhealth("ai_lsp") end,
}
local ARGUMENTS = {
  model = model_names,
  toggle = function() return { "all" } end,
  enable = function() return { "all" } end,
  disable = function() return { "all" } end,
}

local function names()
  local all = vim.tbl_keys(SUBCOMMANDS)
  table.sort(all)
  return all
end

-- Returns what may stand at the cursor of a command line that begins with :AiLsp.
function M.complete(lead, line)
  local before = vim.split(vim.trim(line:sub(1, #line - #lead)), "%s+")
  local candidates = #before == 1 and names() or #before == 2 and (ARGUMENTS[before[2]] or function() return {} end)()
  return vim.tbl_filter(function(one) return vim.startswith(one, lead) end, candidates or {})
end

-- Runs a subcommand.
function M.run(arguments)
  local name = arguments[1] or "status"
  local subcommand = SUBCOMMANDS[name]
  if not subcommand then
    return say(("there is no :AiLsp %s, but: %s"):format(name, table.concat(names(), ", ")), vim.log.levels.WARN)
  end
  subcommand(arguments[2])
end

-- Makes the command.
function M.create()
  vim.api.nvim_create_user_command("AiLsp", function(command) M.run(command.fargs) end, {
    nargs = "*",
    complete = M.complete,
    desc = "ai-lsp: why, stats, status, log, model, toggle, enable, disable, restart, health",
    force = true,
  })
end

return M
