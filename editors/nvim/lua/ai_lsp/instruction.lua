-- The instruction of the action "Rewrite as told", which the user is asked for where no comment `ai: ...` gives one.

local client = require("ai_lsp.client")

local M = {}

-- Asks, and has the server run the order that is the command's argument. Nothing happens where nothing is said.
local function ask(command, context)
  vim.ui.input({ prompt = command.title .. ": " }, function(said)
    said = vim.trim(said or "")
    if said ~= "" then
      local order = vim.tbl_extend("force", command.arguments[1], { instruction = said })
      client.execute(context.bufnr, "ai-lsp.run", { order }, function() end)
    end
  end)
end

-- The commands that code actions have Neovim itself run.
M.commands = { ["ai-lsp.ask-instruction"] = ask }

return M
