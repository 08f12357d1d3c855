-- Keys that are ours only while there is ghost text; at other times they are whatever they were, by whatever plugin.

local config = require("ai_lsp.config")

local M = {}

-- The text before is one step of undo, the suggestion another, and what is typed after it a third.
local BREAKS_UNDO = { accept = true, accept_word = true, accept_line = true }
local WHAT = {
  accept = "Accept the AI suggestion",
  accept_word = "Accept the next word of the AI suggestion",
  accept_line = "Accept the next line of the AI suggestion",
  next = "Next AI suggestion",
  previous = "Previous AI suggestion",
  dismiss = "Dismiss the AI suggestion",
  suggest = "Ask for an AI suggestion",
}

local buffer -- the one in which they are mapped
local before = {} -- by key, the buffer's own mapping that ours hides

local function plug(name)
  return ("<Plug>(ai-lsp-%s)"):format(name:gsub("_", "-"))
end

local function right_side(name)
  return BREAKS_UNDO[name] and "<C-g>u" .. plug(name) .. "<C-g>u" or plug(name)
end

-- Returns the key of an action, nil for none.
function M.of(name)
  return config.get().keys[name] or nil
end

-- Makes the <Plug> mappings of all actions, and the key that is always there.
function M.create(actions)
  for name, action in pairs(actions) do
    vim.keymap.set("i", plug(name), action, { desc = WHAT[name] })
  end
  if M.of("suggest") then
    vim.keymap.set("i", M.of("suggest"), plug("suggest"), { remap = true, desc = WHAT.suggest })
  end
end

-- Maps the keys in a buffer.
function M.map(buf)
  if buffer then
    return
  end
  buffer = buf
  for name, key in pairs(config.get().keys) do
    if key and name ~= "suggest" then
      local old = vim.fn.maparg(key, "i", false, true)
      before[key] = old.buffer == 1 and old or nil
      vim.keymap.set("i", key, right_side(name), { buffer = buf, remap = true, desc = WHAT[name] })
    end
  end
end

-- Gives the keys back, but for those that somebody else has mapped meanwhile.
function M.unmap()
  local buf = buffer
  buffer = nil
  if not buf or not vim.api.nvim_buf_is_valid(buf) then
    return
  end
  vim.api.nvim_buf_call(buf, function()
    for name, key in pairs(config.get().keys) do
      if key and name ~= "suggest" and vim.fn.maparg(key, "i"):find(plug(name), 1, true) then
        vim.keymap.del("i", key, { buffer = buf })
        if before[key] then
          vim.fn.mapset("i", false, before[key])
        end
      end
    end
  end)
  before = {}
end

-- Does what an action's key does.
function M.press(name)
  vim.api.nvim_feedkeys(vim.keycode(right_side(name)), "mi", false)
end

-- Has a key do what it does without us.
function M.pass(name)
  if M.of(name) then
    vim.api.nvim_feedkeys(vim.keycode(M.of(name)), "mi", false)
  end
end

return M
