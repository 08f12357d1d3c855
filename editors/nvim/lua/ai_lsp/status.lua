-- What the server has said of its state, for the status line.

local client = require("ai_lsp.client")
local quiet = require("ai_lsp.quiet")

local M = {}

local said = {} -- { busy, kind, message } by client id

-- The handlers of the server's own notifications.
M.handlers = {
  didChangeStatus = function(_, status, context)
    said[context.client_id] = status
    vim.api.nvim_exec_autocmds("User", { pattern = "AiLspStatus", modeline = false, data = status })
    vim.cmd.redrawstatus()
  end,
}

-- Returns { state, message } of a buffer; state is "none" without a server, "off", "loading", "error" or "ready".
function M.get(buf)
  buf = buf or vim.api.nvim_get_current_buf()
  local server = vim.lsp.get_clients({ bufnr = buf, name = client.NAME })[1]
  local status = server and said[server.id]
  if not server then
    return { state = "none", message = "" }
  elseif not quiet.enabled(buf) then
    return { state = "off", message = "switched off" }
  elseif not status or status.busy then
    return { state = "loading", message = status and status.message or "starting" }
  end
  return { state = status.kind == "Error" and "error" or "ready", message = status.message or "" }
end

local WORDS = { none = "", off = "AI off", loading = "AI …", error = "AI !", ready = "AI" }

-- Returns a short text for the status line of the current buffer, empty where there is no server.
function M.line()
  return WORDS[M.get().state]
end

return M
