-- What the user may set, and what is set unless they do.

local M = {}

M.defaults = {
  cmd = nil, -- the server's command line; `ai-lsp serve`, with a log file, unless given
  filetypes = {
    "c", "clojure", "cpp", "cs", "css", "cuda", "dart", "elixir", "erlang", "fsharp", "go", "haskell", "html", "java",
    "javascript", "javascriptreact", "julia", "kotlin", "lua", "nix", "objc", "ocaml", "perl", "php", "proto", "python",
    "r", "ruby", "rust", "scala", "scss", "sh", "sql", "svelte", "swift", "terraform", "typescript", "typescriptreact",
    "vim", "vue", "zig", "zsh",
  },
  root_markers = { ".ai-lsp.toml", ".git" },
  settings = {}, -- of the server, see docs/configuration.md
  automatic = true, -- ask while typing; false asks only by the key `suggest`
  popup = "hide", -- what an open completion menu does to ghost text: "hide" or "keep"
  keys = { -- false for none; all but `suggest` are ours only while there is ghost text
    accept = "<Tab>",
    accept_word = "<M-Right>",
    accept_line = "<M-C-Right>",
    next = "<M-]>",
    previous = "<M-[>",
    dismiss = "<C-]>",
    suggest = "<M-Bslash>",
  },
  diagnostics = true, -- tell the server what other language servers and linters say
}

local KINDS = {
  cmd = "table",
  filetypes = "table",
  root_markers = "table",
  settings = "table",
  automatic = "boolean",
  popup = "string",
  keys = "table",
  diagnostics = "boolean",
}

local current

local function check(options)
  for name, value in pairs(options) do
    local kind = KINDS[name]
    if not kind then
      local known = vim.tbl_keys(KINDS)
      table.sort(known)
      error(("ai_lsp.setup: there is no option %q, but: %s"):format(name, table.concat(known, ", ")), 0)
    elseif type(value) ~= kind then
      error(("ai_lsp.setup: %s must be a %s, not %s"):format(name, kind, vim.inspect(value)), 0)
    end
  end
  for name, key in pairs(options.keys or {}) do
    if M.defaults.keys[name] == nil then
      error(("ai_lsp.setup: there is no key %q; see :help ai-lsp-keys"):format(name), 0)
    elseif type(key) ~= "string" and key ~= false then
      error(("ai_lsp.setup: keys.%s must be a key such as \"<Tab>\", or false"):format(name), 0)
    end
  end
  if options.popup and not vim.tbl_contains({ "hide", "keep" }, options.popup) then
    error(('ai_lsp.setup: popup must be "hide" or "keep", not %q'):format(options.popup), 0)
  end
end

-- Where the server logs when it is started by our own command line.
function M.log_file()
  return vim.fs.joinpath(vim.fn.stdpath("log"), "ai-lsp.log")
end

-- Takes the user's options. Raises an error that says what is wrong with them.
function M.set(options)
  check(options)
  current = vim.tbl_deep_extend("force", vim.deepcopy(M.defaults), options)
  current.cmd = current.cmd or { "ai-lsp", "serve", "--log-file", M.log_file() }
end

-- Returns the options in force.
function M.get()
  if not current then
    M.set({})
  end
  return current
end

return M
