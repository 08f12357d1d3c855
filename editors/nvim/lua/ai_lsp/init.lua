-- ai-lsp in Neovim 0.10 and later: ghost text from a model in the language server's own process. :help ai-lsp
--
-- The ghost text is our own in every version. Neovim 0.12 has one built in, which waits 200 ms, shows answers that have
-- become stale, and takes no words or lines; two ways of doing the same would be one too many.

local accept = require("ai_lsp.accept")
local client = require("ai_lsp.client")
local config = require("ai_lsp.config")
local diagnostics = require("ai_lsp.diagnostics")
local ghost = require("ai_lsp.ghost")
local hearing = require("ai_lsp.hearing")
local instruction = require("ai_lsp.instruction")
local keys = require("ai_lsp.keys")
local popup = require("ai_lsp.popup")
local status = require("ai_lsp.status")
local suggestion = require("ai_lsp.suggestion")

local M = {}

local ACTIONS = {
  accept = accept.all,
  accept_word = accept.word,
  accept_line = accept.line,
  next = function() suggestion.cycle(1) end,
  previous = function() suggestion.cycle(-1) end,
  dismiss = suggestion.dismiss,
  suggest = suggestion.invoke,
}

local function ask_soon()
  vim.schedule(suggestion.ask)
end

local function make_way()
  if config.get().popup == "hide" then
    suggestion.drop()
  end
end

local function listen(group)
  local function on(events, callback, pattern)
    vim.api.nvim_create_autocmd(events, { group = group, pattern = pattern, callback = callback })
  end
  on("CursorMovedI", suggestion.moved)
  on({ "TextChangedI", "TextChangedP" }, suggestion.changed)
  on("ModeChanged", function(event) -- InsertLeave would miss Ctrl-C, Ctrl-O and an opening menu
    if not (config.get().popup == "keep" and event.match:match(":i")) then
      suggestion.drop()
    end
  end, "i*:*")
  on("ModeChanged", ask_soon, "*:i")
  on({ "BufLeave", "WinLeave", "LspDetach" }, suggestion.drop)
  on("ColorScheme", ghost.highlights)
  on("User", function(event)
    if event.data and not event.data.busy then
      suggestion.ask_again()
    end
  end, "AiLspStatus")
  on("BufEnter", function(event)
    local server = client.of(event.buf)
    if server then
      client.notify(server, "textDocument/didFocus", { textDocument = { uri = vim.uri_from_bufnr(event.buf) } })
    end
  end)
end

-- Neovim 0.12's own ghost text, when it is on for other servers, would show ours twice.
local function silence_builtin(group)
  if not vim.lsp.inline_completion then
    return
  end
  vim.api.nvim_create_autocmd("LspAttach", {
    group = group,
    callback = function(event)
      local server = vim.lsp.get_client_by_id(event.data.client_id)
      if server and server.name == client.NAME then
        vim.lsp.inline_completion.enable(false, { client_id = server.id })
      end
    end,
  })
end

-- Starts everything. `options` are those of :help ai-lsp-options; an error says what is wrong with them.
function M.setup(options)
  if vim.fn.has("nvim-0.10") == 0 then
    return vim.notify("ai-lsp needs Neovim 0.10 or later", vim.log.levels.ERROR)
  end
  config.set(options or {})
  local group = vim.api.nvim_create_augroup("ai_lsp", { clear = true })
  ghost.highlights()
  keys.create(ACTIONS)
  listen(group)
  popup.watch(group, make_way, ask_soon)
  silence_builtin(group)
  hearing.watch(group)
  client.follow_names(group)
  if config.get().diagnostics then
    diagnostics.watch(group)
  end
  require("ai_lsp.commands").create()
  client.start(status.handlers, instruction.commands)
end

-- For mappings of one's own; `accept` and its kin tell whether there was anything to accept.
for _, name in ipairs({ "accept", "accept_word", "accept_line", "next", "previous", "dismiss", "suggest" }) do
  M[name] = function()
    if name ~= "suggest" and not suggestion.current() then
      return false
    end
    keys.press(name)
    return true
  end
end

M.status = status.line

return M
