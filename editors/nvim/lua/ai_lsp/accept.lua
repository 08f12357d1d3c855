-- Taking a suggestion: all of it, a word or a line.

local client = require("ai_lsp.client")
local keys = require("ai_lsp.keys")
local suggestion = require("ai_lsp.suggestion")
local text = require("ai_lsp.text")

local M = {}

local function insert(buf, part)
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local lines = text.lines(part)
  vim.api.nvim_buf_set_text(buf, row - 1, col, row - 1, col, lines)
  local last = #lines[#lines]
  vim.api.nvim_win_set_cursor(0, { row + #lines - 1, #lines == 1 and col + last or last })
end

-- Inserts the part that `choose` takes of what is left, and tells the server; `name` is the key's action.
local function take(name, choose)
  local s = suggestion.current() -- keys that come in one go, as from a paste, cause no events in between
  if not s then
    return keys.pass(name)
  end
  local item, rest = s.items[s.index], suggestion.rest(s)
  local part = choose(rest)
  if part == rest then
    suggestion.dismiss()
    insert(s.buf, part)
    client.accepted(s.client, s.buf, item)
    return
  end
  insert(s.buf, part)
  client.notify(s.client, "textDocument/didPartiallyAcceptCompletion", {
    item = item,
    acceptedLength = text.utf16(s.typed .. part),
  })
  suggestion.current()
end

function M.all()
  take("accept", function(rest) return rest end)
end

function M.word()
  take("accept_word", text.first_word)
end

function M.line()
  take("accept_line", text.first_line)
end

return M
