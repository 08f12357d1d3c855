-- Before `require("ai_lsp").setup()` there is only the command, which loads the rest when it is used.

if vim.g.loaded_ai_lsp then
  return
end
vim.g.loaded_ai_lsp = true

vim.api.nvim_create_user_command("AiLsp", function(command) require("ai_lsp.commands").run(command.fargs) end, {
  nargs = "*",
  complete = function(...) return require("ai_lsp.commands").complete(...) end,
  desc = "ai-lsp; :help :AiLsp",
})
