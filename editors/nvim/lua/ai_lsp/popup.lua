-- Completion menus: Neovim's own, nvim-cmp's and blink.cmp's.

local M = {}

local watching_cmp = false

local function asks(module, ...)
  local loaded = package.loaded[module]
  for _, name in ipairs({ ... }) do
    if type(loaded) == "table" and loaded[name] then
      local ok, visible = pcall(loaded[name])
      return ok and visible == true
    end
  end
  return false
end

-- Tells whether a completion menu is open.
function M.visible()
  return vim.fn.pumvisible() == 1 or asks("cmp", "visible") or asks("blink.cmp", "is_menu_visible", "is_visible")
end

-- Has `on_open` and `on_close` called for menus of plugins; Neovim's own is told by the mode.
function M.watch(group, on_open, on_close)
  local function user(pattern, callback)
    vim.api.nvim_create_autocmd("User", { group = group, pattern = pattern, callback = callback })
  end
  user("BlinkCmpMenuOpen", on_open)
  user("BlinkCmpMenuClose", on_close)
  vim.api.nvim_create_autocmd("InsertEnter", {
    group = group,
    callback = function() -- nvim-cmp is often loaded no earlier than this
      local cmp = package.loaded["cmp"]
      if not watching_cmp and cmp and cmp.event then
        watching_cmp = true
        cmp.event:on("menu_opened", on_open)
        cmp.event:on("menu_closed", on_close)
      end
    end,
  })
end

return M
