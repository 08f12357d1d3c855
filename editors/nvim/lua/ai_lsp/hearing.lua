-- Mends Neovim's deafness: when a buffer is edited while no server is attached, `vim.lsp` (0.10 to 0.12.4) stops
-- listening to its changes, and does not listen again when a server comes back, until the buffer is wiped out.

local M = {}

local listening = {} -- by buffer, ours
local deaf = {} -- by buffer, Neovim's own listener is gone

local function has_clients(buf)
  return #vim.lsp.get_clients({ bufnr = buf, _uninitialized = true }) > 0
end

local function on_lines(_, buf, tick, first, last, new_last)
  if not has_clients(buf) then
    deaf[buf] = true
  elseif deaf[buf] then
    vim.lsp.util.buf_versions[buf] = tick
    require("vim.lsp._changetracking").send_changes(buf, first, last, new_last)
  end
end

local function on_detach(_, buf)
  listening[buf] = nil
  for _, client in ipairs(deaf[buf] and vim.lsp.get_clients({ bufnr = buf }) or {}) do
    vim.lsp.buf_detach_client(buf, client.id)
  end
end

function M.watch(group)
  vim.api.nvim_create_autocmd("LspAttach", {
    group = group,
    callback = function(event)
      if not listening[event.buf] then
        listening[event.buf] = vim.api.nvim_buf_attach(event.buf, false, { on_lines = on_lines, on_detach = on_detach })
      end
    end,
  })
  vim.api.nvim_create_autocmd("BufWipeout", {
    group = group,
    callback = function(event) deaf[event.buf] = nil end,
  })
end

return M
