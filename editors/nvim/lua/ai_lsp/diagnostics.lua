-- Passes on what other language servers and linters say: the server knows nothing of them otherwise.

local client = require("ai_lsp.client")

local M = {}

local METHOD = "ai-lsp/diagnostics"
local MOST = 500 -- the worst ones; nobody is helped by more
local WAIT = 100 -- milliseconds in which changes are gathered

local waiting = {} -- by buffer

-- Returns a byte column in the unit that the server counts in.
local function character(buf, row, col, encoding)
  if encoding == "utf-8" then
    return col
  end
  local before = (vim.api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ""):sub(1, col)
  return encoding == "utf-16" and vim.fn.strutf16len(before) or vim.fn.strchars(before)
end

local function as_lsp(buf, one, encoding)
  local last = one.end_lnum or one.lnum
  return {
    range = {
      start = { line = one.lnum, character = character(buf, one.lnum, one.col, encoding) },
      ["end"] = { line = last, character = character(buf, last, one.end_col or one.col, encoding) },
    },
    severity = one.severity,
    message = one.message,
    source = one.source,
    code = type(one.code) ~= "table" and one.code or nil,
  }
end

local function pass_on(buf)
  local server = vim.api.nvim_buf_is_loaded(buf) and client.of(buf)
  if not server then
    return
  end
  local all = vim.diagnostic.get(buf)
  table.sort(all, function(a, b) return (a.severity or 1) < (b.severity or 1) end)
  local sent = {}
  for i = 1, math.min(#all, MOST) do
    sent[i] = as_lsp(buf, all[i], server.offset_encoding)
  end
  client.notify(server, METHOD, { uri = vim.uri_from_bufnr(buf), diagnostics = sent })
end

function M.watch(group)
  vim.api.nvim_create_autocmd({ "DiagnosticChanged", "LspAttach" }, {
    group = group,
    callback = function(event)
      local buf = event.buf
      if not waiting[buf] and (event.event == "DiagnosticChanged" or next(vim.diagnostic.get(buf))) then
        waiting[buf] = true
        vim.defer_fn(function()
          waiting[buf] = nil
          pass_on(buf)
        end, WAIT)
      end
    end,
  })
end

return M
