-- Ghost text for Neovim 0.11, which has no inline completion of its own; Neovim 0.12 needs nothing of this.
--
-- Put this file into ~/.config/nvim/lua/ and `require("ai_lsp").setup()` into init.lua. `setup` takes `cmd`,
-- `filetypes`, `key` (which accepts, Tab unless given) and `settings` (of the server, see docs/configuration.md).

local M = {}

local AUTOMATIC = 2 -- LSP's InlineCompletionTriggerKind
local ACCEPT = "<Plug>(ai-lsp-accept)"
local ns = vim.api.nvim_create_namespace("ai_lsp")

local key = "<Tab>"
local shown -- { buf, client, item, lines, row, col, line, before }: the ghost text on the screen
local pending -- { client, id }: the request that is out

-- The key accepts only while there is ghost text. At other times it is what it was, by whatever plugin.
local function map_key(buf)
  local before = vim.fn.maparg(key, "i", false, true)
  vim.keymap.set("i", key, "<C-g>u" .. ACCEPT, { buffer = buf, remap = true, desc = "Accept the AI suggestion" })
  return before.buffer == 1 and before or nil
end

local function unmap_key(buf, before)
  vim.api.nvim_buf_call(buf, function()
    if vim.fn.maparg(key, "i"):find(ACCEPT, 1, true) then
      vim.keymap.del("i", key, { buffer = buf })
      if before then
        vim.fn.mapset("i", false, before)
      end
    end
  end)
end

local function clear()
  local s = shown
  shown = nil
  if s and vim.api.nvim_buf_is_valid(s.buf) then
    vim.api.nvim_buf_clear_namespace(s.buf, ns, 0, -1)
    unmap_key(s.buf, s.before)
  end
end

local function cancel()
  if pending then
    pending.client:cancel_request(pending.id)
  end
  pending = nil
end

local function drop()
  clear()
  cancel()
end

local function draw(s)
  vim.api.nvim_buf_clear_namespace(s.buf, ns, 0, -1)
  local below = {}
  for i = 2, #s.lines do
    below[i - 1] = { { s.lines[i], "Comment" } }
  end
  local first = s.lines[1]:gsub("\t", (" "):rep(vim.bo[s.buf].tabstop)) -- inline text knows no tab stops
  vim.api.nvim_buf_set_extmark(s.buf, ns, s.row, s.col, {
    virt_text = { { first, "Comment" } },
    virt_text_pos = "inline",
    virt_lines = #below > 0 and below or nil,
    hl_mode = "combine",
  })
end

local function place()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  return row - 1, col
end

local function show(buf, client, item)
  local row, col = place()
  shown = { buf = buf, client = client, item = item, row = row, col = col, line = vim.api.nvim_get_current_line() }
  shown.lines = vim.split(item.insertText, "\r?\n")
  shown.before = map_key(buf)
  draw(shown)
  client:notify("textDocument/didShowCompletion", { item = item })
end

-- What was typed since the ghost text was drawn, where that is nothing else than its own beginning.
local function typed_through()
  local row, col = place()
  if vim.api.nvim_get_current_buf() ~= shown.buf or row ~= shown.row or col < shown.col then
    return nil
  end
  local line = vim.api.nvim_get_current_line()
  local typed = line:sub(shown.col + 1, col)
  local same = line == shown.line:sub(1, shown.col) .. typed .. shown.line:sub(shown.col + 1)
  local left = #shown.lines > 1 or typed ~= shown.lines[1]
  return same and left and vim.startswith(shown.lines[1], typed) and typed or nil
end

-- Keeps the ghost text while it is typed, so that it does not flicker until the server has answered.
local function follow()
  local typed = shown and typed_through()
  if not typed then
    clear()
  elseif typed ~= "" then
    shown.row, shown.col = place()
    shown.line = vim.api.nvim_get_current_line()
    shown.lines[1] = shown.lines[1]:sub(#typed + 1)
    draw(shown)
  end
end

-- What a stale answer is told by: the text, the cursor and the mode that it was asked for.
local function state()
  local buf, win = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  local cursor, mode = vim.api.nvim_win_get_cursor(win), vim.api.nvim_get_mode().mode
  return { buf, vim.api.nvim_buf_get_changedtick(buf), win, cursor, mode }
end

local function ask(buf)
  follow()
  cancel()
  local client = vim.lsp.get_clients({ bufnr = buf, name = "ai_lsp" })[1]
  if not client or vim.api.nvim_get_mode().mode ~= "i" then -- such as "ic": a menu is open
    return
  end
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  params.context = { triggerKind = AUTOMATIC }
  local asked = state()
  local sent, id
  sent, id = client:request("textDocument/inlineCompletion", params, function(err, result)
    if pending and pending.id == id then
      pending = nil
    end
    if err or not vim.deep_equal(state(), asked) then
      return
    end
    clear()
    local item = result and (result.items or result)[1]
    if item then
      show(buf, client, item)
    end
  end, buf)
  pending = sent and { client = client, id = id } or nil
end

-- Inserts the ghost text and tells the server; does nothing when there is none.
function M.accept()
  if not shown then
    return
  end
  follow() -- keys that come in one go, as from a paste, cause no events in between
  local s = shown
  if not s then
    vim.api.nvim_feedkeys(vim.keycode(key), "mi", false)
    return
  end
  clear()
  vim.api.nvim_buf_set_text(s.buf, s.row, s.col, s.row, s.col, s.lines)
  local last = s.lines[#s.lines]
  vim.api.nvim_win_set_cursor(0, { s.row + #s.lines, #s.lines == 1 and s.col + #last or #last })
  s.client:exec_cmd(s.item.command, { bufnr = s.buf })
end

local function listen()
  local group = vim.api.nvim_create_augroup("ai_lsp", { clear = true })
  local function on(events, callback, pattern)
    vim.api.nvim_create_autocmd(events, { group = group, pattern = pattern, callback = callback })
  end
  on("CursorMovedI", follow) -- comes before TextChangedI
  on("TextChangedI", function(event) ask(event.buf) end)
  on("ModeChanged", drop, "i:*") -- InsertLeave would miss Ctrl-C, Ctrl-O and an opening menu
  on({ "BufLeave", "WinLeave", "LspDetach" }, drop)
end

function M.setup(options)
  options = options or {}
  key = options.key or key
  vim.keymap.set("i", ACCEPT, M.accept, { desc = "Accept the AI suggestion" })
  listen()
  vim.lsp.config("ai_lsp", {
    cmd = options.cmd or { "ai-lsp", "serve" },
    filetypes = options.filetypes
      or { "python", "typescript", "javascript", "go", "rust", "c", "cpp", "java", "ruby", "lua" },
    root_markers = { ".git" },
    settings = { ["ai-lsp"] = options.settings or vim.empty_dict() },
    capabilities = { textDocument = { inlineCompletion = { dynamicRegistration = false } } },
  })
  vim.lsp.enable("ai_lsp")
end

return M
