-- The suggestion on the screen, and the request that is out: when to ask, what to show, when to take it away.

local client = require("ai_lsp.client")
local ghost = require("ai_lsp.ghost")
local keys = require("ai_lsp.keys")
local quiet = require("ai_lsp.quiet")
local text = require("ai_lsp.text")

local M = {}

local INVOKED, AUTOMATIC = 1, 2 -- LSP's InlineCompletionTriggerKind

local shown -- { buf, client, items, index, anchor, typed, shows_count }: the ghost text on the screen
local pending -- { client, id }: the request that is out
local remarked -- the buffer in which there is a remark
local asked -- the state of the last request, so that it is not repeated for nothing

local function place()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  return row - 1, col
end

-- What a stale answer is told by: the text, the cursor and the mode that it was asked for.
local function state()
  local buf, win = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  local row, col = place()
  local tick = vim.api.nvim_buf_get_changedtick(buf)
  return table.concat({ buf, tick, win, row, col, vim.api.nvim_get_mode().mode }, " ")
end

local function cancel()
  if pending then
    client.cancel(pending.client, pending.id)
  end
  pending = nil
end

-- Takes the ghost text away, or a remark.
local function clear()
  local s, buf = shown, shown and shown.buf or remarked
  shown, remarked = nil, nil
  if buf then
    ghost.clear(buf)
  end
  if s then
    keys.unmap()
  end
end

-- Says why there is nothing, or no more.
local function remark(words)
  remarked = vim.api.nvim_get_current_buf()
  ghost.remark(remarked, words)
end

-- Takes the ghost text away and forgets the request that is out.
function M.drop()
  asked = nil
  clear()
  cancel()
end

-- Takes the ghost text away until something is typed.
function M.dismiss()
  clear()
  cancel()
end

local function draw(s)
  local row, col = place()
  ghost.draw(s, text.lines(M.rest(s)), row, col)
end

-- Returns what is left of a suggestion after what was typed of it.
function M.rest(s)
  return s.items[s.index].insertText:sub(#s.typed + 1)
end

-- Puts an item on the screen and tells the server.
local function show(s)
  shown = s
  keys.map(s.buf)
  draw(s)
  client.notify(s.client, "textDocument/didShowCompletion", { item = s.items[s.index] })
end

-- Returns the suggestion on the screen, brought up to date with what has been typed; nil when there is none.
--
-- It stays while it is typed, also after a backspace, and needs no new request.
function M.current()
  local s = shown
  if not s then
    return clear()
  end
  local row, col = place()
  local typed = vim.api.nvim_get_current_buf() == s.buf and text.typed(s.anchor, row, col)
  local whole = s.items[s.index].insertText
  if not typed or #typed >= #whole or not vim.startswith(whole, typed) then
    clear()
    return nil
  end
  if typed ~= s.typed then
    s.typed = typed
    draw(s)
  end
  return s
end

-- Sends a request for the cursor; `on_items` is called with its items if nothing has changed by then.
local function request(buf, kind, on_items)
  cancel()
  local server = client.of(buf)
  if not server then
    return on_items({})
  end
  local params = vim.lsp.util.make_position_params(0, server.offset_encoding)
  params.context = { triggerKind = kind }
  local at = state()
  asked = at
  local id
  id = client.request(server, buf, "textDocument/inlineCompletion", params, function(err, result)
    if pending and pending.id == id then
      pending = nil
    end
    if not err and state() == at and not quiet.busy() then
      on_items(result and result ~= vim.NIL and (result.items or result) or {}, server)
    end
  end)
  pending = id and { client = server, id = id } or nil
end

local function suggestion(buf, server, items)
  local row, col = place()
  return { buf = buf, client = server, items = items, index = 1, anchor = text.anchor(buf, row, col), typed = "" }
end

-- Asks for a suggestion, unless this very state was asked for already.
function M.ask()
  local buf = vim.api.nvim_get_current_buf()
  if shown or quiet.off(buf) or quiet.busy() or state() == asked then
    return
  end
  request(buf, AUTOMATIC, function(items, server)
    clear()
    if items[1] then
      show(suggestion(buf, server, items))
    end
  end)
end

-- Asks again, where nothing may have come because the model was still being loaded.
function M.ask_again()
  asked = nil
  M.ask()
end

-- Brings the ghost text up to date after the cursor has moved: this comes before `changed`, and before the screen.
function M.moved()
  M.current()
end

-- Asks after a change of the text, unless the ghost text goes on.
function M.changed()
  if not M.current() then
    cancel()
    M.ask()
  elseif pending then
    cancel()
  end
end

-- Says why nothing has come.
local function explain(buf)
  local at = state()
  client.execute(buf, "ai-lsp.why", {}, function(trace)
    if state() == at and not shown then
      remark("nothing: " .. (trace and trace.reason or "there is no server for this buffer, or it is still starting"))
    end
  end)
end

-- Asks as a person who wants a suggestion here: also where the server would not make one by itself.
function M.invoke()
  local buf = vim.api.nvim_get_current_buf()
  local reason = quiet.busy()
  if reason then
    return remark(reason)
  end
  request(buf, INVOKED, function(items, server)
    clear()
    if not items[1] then
      return explain(buf)
    end
    local s = suggestion(buf, server, items)
    s.complete, s.shows_count = true, #items > 1
    show(s)
  end)
end

local function select(s, index)
  s.index, s.shows_count = (index - 1) % #s.items + 1, true
  show(s)
end

-- The items of a request by hand, the one on the screen first.
local function with_first(s, items)
  local first = { insertText = M.rest(s), command = s.items[s.index].command }
  local all = { first }
  for _, item in ipairs(items) do
    if item.insertText == first.insertText then
      all[1] = item
    else
      all[#all + 1] = item
    end
  end
  return all
end

-- Shows another suggestion, `step` further; the first time the server is asked for some.
function M.cycle(step)
  local s = M.current()
  if not s then
    return
  elseif s.complete then
    return select(s, s.index + step)
  end
  request(s.buf, INVOKED, function(items, server)
    if not M.current() then
      return
    end
    local all = with_first(s, items)
    if #all == 1 then
      return remark("there is no other suggestion")
    end
    local new = suggestion(s.buf, server, all)
    new.complete = true
    select(new, 1 + step)
  end)
end

return M
