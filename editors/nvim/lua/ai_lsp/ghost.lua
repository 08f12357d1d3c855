-- Ghost text on the screen: one or two extmarks.

local M = {}

local ns = vim.api.nvim_create_namespace("ai_lsp")
local TEXT, HINT = "AiLspGhost", "AiLspHint"

-- Keeps the ghost text out of other windows on the same buffer, where Neovim can.
local function only_in(win)
  if vim.api.nvim__ns_set then
    pcall(vim.api.nvim__ns_set, ns, { wins = { win } })
  end
end

-- Inline virtual text knows no tab stops.
local function expand_tabs(text, column)
  local out = {}
  for part, tab in text:gmatch("([^\t]*)(\t?)") do
    out[#out + 1] = part
    column = column + vim.fn.strdisplaywidth(part, column)
    if tab ~= "" then
      local width = vim.fn.strdisplaywidth("\t", column)
      out[#out + 1] = (" "):rep(width)
      column = column + width
    end
  end
  return table.concat(out)
end

-- Returns how many of `count` lines below the cursor's are outside of the window, which does not scroll for them.
local function hidden(count)
  return math.max(0, math.min(count, vim.fn.winline() + count - vim.api.nvim_win_get_height(0)))
end

-- Says which alternative it is, and how many lines one does not see.
local function hint(s, below)
  local words = {}
  if s.shows_count then
    words[#words + 1] = ("(%d/%d)"):format(s.index, #s.items)
  end
  local unseen = hidden(below)
  if unseen > 0 then
    words[#words + 1] = ("↓%d"):format(unseen)
  end
  return #words > 0 and { " " .. table.concat(words, " "), HINT } or nil
end

-- Covers what follows the cursor: with several lines it comes after the last of them.
local function cover(buf, row, col, after)
  vim.api.nvim_buf_set_extmark(buf, ns, row, col, {
    virt_text = { { (" "):rep(vim.fn.strdisplaywidth(after, vim.fn.virtcol(".") - 1)), "Normal" } },
    virt_text_pos = "overlay",
  })
end

-- Draws `lines` at the cursor of the current window, in place of what was drawn before. `s` is the suggestion.
function M.draw(s, lines, row, col)
  vim.api.nvim_buf_clear_namespace(s.buf, ns, 0, -1)
  only_in(vim.api.nvim_get_current_win())
  local below = {}
  for i = 2, #lines do
    below[i - 1] = { { lines[i], TEXT } }
  end
  local after = s.anchor.after
  if #below > 0 and after ~= "" then
    table.insert(below[#below], { after, "Normal" })
  end
  local first = { { expand_tabs(lines[1], vim.fn.virtcol(".") - 1), TEXT } }
  local note = hint(s, #below)
  if note and (#below > 0 or after == "") then
    table.insert(first, note)
  elseif note then
    vim.api.nvim_buf_set_extmark(s.buf, ns, row, col, { virt_text = { note }, virt_text_pos = "eol" })
  end
  vim.api.nvim_buf_set_extmark(s.buf, ns, row, col, {
    virt_text = first,
    virt_text_pos = "inline",
    virt_lines = #below > 0 and below or nil,
    hl_mode = "combine",
  })
  if #below > 0 and after ~= "" then
    cover(s.buf, row, col, after)
  end
end

-- Writes a remark after the cursor's line: the message line is overwritten at once in insert mode.
function M.remark(buf, words)
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  only_in(vim.api.nvim_get_current_win())
  vim.api.nvim_buf_set_extmark(buf, ns, row, 0, { virt_text = { { "ai-lsp: " .. words, HINT } }, virt_text_pos = "eol" })
end

function M.clear(buf)
  if vim.api.nvim_buf_is_valid(buf) then
    vim.api.nvim_buf_clear_namespace(buf, ns, 0, -1)
  end
end

-- A colour scheme clears what it does not know.
function M.highlights()
  vim.api.nvim_set_hl(0, TEXT, { default = true, link = "Comment" })
  vim.api.nvim_set_hl(0, HINT, { default = true, link = "NonText" })
end

return M
