-- The server as Neovim's LSP client: started, found, asked, told, and started again when it dies.
--
-- Methods of clients are functions without `self` in Neovim 0.10, and `vim.lsp.config` came with 0.11.

local config = require("ai_lsp.config")

local M = {}

M.NAME = "ai_lsp"

local MODERN = vim.fn.has("nvim-0.11") == 1
local DEATHS, MINUTES = 3, 5 -- so many within that time, and the server is not started again
local deaths = {} -- their times, in seconds
local wanted = {} -- ids of clients that were stopped to be started again

local function call(client, method, ...)
  if MODERN then
    return client[method](client, ...)
  end
  return client[method](...)
end

-- Returns the client of a buffer once it can be asked, else nil.
function M.of(buf)
  local client = vim.lsp.get_clients({ bufnr = buf, name = M.NAME })[1]
  return client and client.initialized and client or nil
end

-- Sends a request; returns its id, nil when it could not be sent. `on_answer` is called with error and result.
function M.request(client, buf, method, params, on_answer)
  local sent, id = call(client, "request", method, params, function(err, result)
    on_answer(err, result)
  end, buf)
  return sent and id or nil
end

function M.cancel(client, id)
  call(client, "cancel_request", id)
end

function M.notify(client, method, params)
  call(client, "notify", method, params)
end

-- Has the server of a buffer execute a command; `on_result` is called with nil when it cannot.
function M.execute(buf, command, arguments, on_result)
  local client = M.of(buf)
  if not client then
    return on_result(nil)
  end
  local params = { command = command, arguments = arguments }
  M.request(client, buf, "workspace/executeCommand", params, function(err, result)
    on_result(not err and result ~= vim.NIL and result or nil)
  end)
end

-- Executes the command that belongs to an accepted item.
function M.accepted(client, buf, item)
  if item.command then
    local params = { command = item.command.command, arguments = item.command.arguments }
    M.request(client, buf, "workspace/executeCommand", params, function() end)
  end
end

-- Changes a setting of the server, such as `model.name`, until Neovim ends.
function M.set(name, value)
  local change = value
  local parts = vim.split(name, ".", { plain = true })
  for at = #parts, 1, -1 do
    change = { [parts[at]] = change }
  end
  for _, client in ipairs(vim.lsp.get_clients({ name = M.NAME })) do
    client.settings = vim.tbl_deep_extend("force", client.settings, { ["ai-lsp"] = change })
    M.notify(client, "workspace/didChangeConfiguration", { settings = client.settings })
  end
end

-- Neovim 0.10 would start a server of its own for each file outside of any root.
local function fits(client, server)
  return client.name == server.name and client.config.root_dir == server.root_dir and not call(client, "is_stopped")
end

local function attach_again(server, buffers)
  for buf in pairs(buffers) do
    if vim.api.nvim_buf_is_loaded(buf) then
      vim.lsp.start(server, { bufnr = buf, reuse_client = fits })
    end
  end
end

local function died_too_often()
  local now = vim.uv.now() / 1000
  deaths = vim.tbl_filter(function(at) return now - at < MINUTES * 60 end, deaths)
  deaths[#deaths + 1] = now
  return #deaths > DEATHS
end

local function on_exit(code, signal, id)
  local client = vim.lsp.get_client_by_id(id)
  local failed = (code ~= 0 or signal ~= 0) and vim.v.exiting == vim.NIL
  if not client or not (wanted[id] or (failed and client.initialized)) then
    return
  end
  local buffers, server = vim.deepcopy(client.attached_buffers), client.config
  if not wanted[id] and died_too_often() then
    local what = "ai-lsp has died %d times within %d minutes and is not started again; see :AiLsp log"
    return vim.schedule(function() vim.notify(what:format(#deaths, MINUTES), vim.log.levels.ERROR) end)
  end
  wanted[id] = nil
  vim.schedule(function() -- after Neovim's own clearing up, which is scheduled too
    vim.schedule(function() attach_again(server, buffers) end)
  end)
end

local function definition(handlers, commands)
  local options = config.get()
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.textDocument.inlineCompletion = { dynamicRegistration = false }
  capabilities.experimental = { commands = { commands = vim.tbl_keys(commands) } } -- as rust-analyzer is told of them
  return {
    name = M.NAME,
    cmd = options.cmd,
    filetypes = options.filetypes,
    root_markers = options.root_markers,
    settings = { ["ai-lsp"] = next(options.settings) and options.settings or vim.empty_dict() },
    capabilities = capabilities,
    handlers = handlers,
    commands = commands,
    on_exit = on_exit,
  }
end

local function start_for(buf, server)
  if vim.bo[buf].buftype == "" and vim.tbl_contains(server.filetypes, vim.bo[buf].filetype) then
    local own = vim.tbl_extend("force", server, { root_dir = vim.fs.root(buf, server.root_markers) })
    vim.lsp.start(own, { bufnr = buf, reuse_client = fits })
  end
end

local function loaded_buffers()
  return vim.tbl_filter(vim.api.nvim_buf_is_loaded, vim.api.nvim_list_bufs())
end

local function start_old(server)
  vim.api.nvim_create_autocmd("FileType", {
    group = vim.api.nvim_create_augroup("ai_lsp_start", { clear = true }),
    callback = function(event) start_for(event.buf, server) end,
  })
  vim.tbl_map(function(buf) start_for(buf, server) end, loaded_buffers())
end

-- Starts the server wherever one of its filetypes is opened. `handlers` are those of its notifications, `commands` what
-- its code actions may have Neovim itself run.
function M.start(handlers, commands)
  vim.fn.mkdir(vim.fn.stdpath("log"), "p")
  local server = definition(handlers, commands)
  if MODERN then
    vim.lsp.config(M.NAME, server)
    vim.lsp.enable(M.NAME)
  else
    start_old(server)
  end
end

-- Stops the server and starts it again for the same buffers, or for all where none runs.
function M.restart(handlers, commands)
  deaths = {}
  local clients = vim.lsp.get_clients({ name = M.NAME })
  for _, client in ipairs(clients) do
    wanted[client.id] = true
    call(client, "stop", true)
  end
  if #clients == 0 then
    local server = definition(handlers, commands)
    vim.tbl_map(function(buf) start_for(buf, server) end, loaded_buffers())
  end
end

-- A renamed buffer is another document. Neovim tells servers only when it is written.
function M.follow_names(group)
  local renamed = {}
  vim.api.nvim_create_autocmd("BufFilePre", {
    group = group,
    callback = function(event)
      local client = M.of(event.buf)
      if client then
        renamed[event.buf] = client.id
        vim.lsp.buf_detach_client(event.buf, client.id)
      end
    end,
  })
  vim.api.nvim_create_autocmd("BufFilePost", {
    group = group,
    callback = function(event)
      local id = renamed[event.buf]
      renamed[event.buf] = nil
      if id then
        vim.lsp.buf_attach_client(event.buf, id)
      end
    end,
  })
end

return M
