-- Why nothing is asked now.

local config = require("ai_lsp.config")
local popup = require("ai_lsp.popup")

local M = {}

-- Tells whether suggestions are on in a buffer: `vim.b.ai_lsp`, else `vim.g.ai_lsp`, else yes.
function M.enabled(buf)
  local own = vim.b[buf].ai_lsp
  if own == nil then
    own = vim.g.ai_lsp
  end
  return own ~= false
end

-- Returns why a buffer is not to be asked for automatically, nil where it is.
function M.off(buf)
  if not M.enabled(buf) then
    return "switched off in this buffer; :AiLsp toggle switches it on"
  elseif not config.get().automatic then
    return "suggestions come only by key (option automatic)"
  end
end

-- Returns why nothing can be shown at this moment, nil where something can.
function M.busy()
  local mode = vim.api.nvim_get_mode().mode
  if vim.fn.reg_recording() ~= "" or vim.fn.reg_executing() ~= "" then
    return "a macro is being recorded or executed"
  elseif mode:sub(1, 1) ~= "i" then
    return "not in insert mode"
  elseif vim.snippet.active() then
    return "a snippet is being filled in"
  elseif config.get().popup == "hide" and (mode ~= "i" or popup.visible()) then
    return "a completion menu is open"
  end
end

return M
