-- From the server's trace of a request to lines that a person reads.

local M = {}

local ORDER = {
  "arrival", "trigger", "cache", "gather", "rush", "context", "queue", "tokenize", "shelf", "prefill", "decode",
  "debounce", "filters", "retry", "alternatives", "checks",
}

local function outcome(trace)
  local words = { trace.manual and "asked for by hand" or "while typing" }
  local part = trace.acceptedLength or 0
  if trace.text ~= "" then
    words[#words + 1] = trace.shown and "shown" or "not shown"
    words[#words + 1] = trace.accepted and "accepted" or part > 0 and part .. " characters accepted" or "not accepted"
  end
  return table.concat(words, ", ")
end

-- Takes the indentation that all lines but the first share from them: the first one begins at the cursor.
local function aligned(text)
  local lines, shared = vim.split(text, "\n"), nil
  for i = 2, #lines do
    local indent = lines[i]:match("^%s*")
    shared = lines[i]:match("%S") and math.min(shared or #indent, #indent) or shared
  end
  for i = 2, #lines do
    lines[i] = lines[i]:sub((shared or 0) + 1)
  end
  return lines
end

local function suggested(trace)
  if trace.text == "" then
    return { "Nothing was suggested: " .. trace.reason }
  end
  local how = trace.cached and "from an earlier answer" or "ended by: " .. trace.reason
  local lines = { ("Suggested (%s):"):format(how), "" }
  for _, line in ipairs(aligned(trace.text)) do
    lines[#lines + 1] = "    " .. line
  end
  return lines
end

local function times(trace)
  local parts = {}
  for _, name in ipairs(ORDER) do
    local ms = trace.stages[name]
    if ms and ms >= 0.05 then
      parts[#parts + 1] = ("%s %.1f"):format(name, ms)
    end
  end
  local list = #parts > 0 and " = " .. table.concat(parts, " + ") or ""
  return ("Time: %.1f ms%s"):format(trace.stages.total or 0, list)
end

local function model(trace)
  local counts = trace.counts
  if trace.cached or counts.prompt == 0 then
    return "Model: not asked"
  end
  local short = counts.shortened and ", shortened to be in time" or ""
  local form = "Model: %d prompt tokens%s (%d reused, %d evaluated), %d decoded"
  return form:format(counts.prompt, short, counts.reused, counts.evaluated, counts.decoded)
end

local function filters(trace)
  local lines = {}
  for _, one in ipairs(trace.decisions) do
    local verdict = one.text == "" and "kept back" or "cut"
    lines[#lines + 1] = ("- %s: %s by %s"):format(one.filter, verdict, one.reason)
  end
  return #lines > 0 and lines or { "- let it through as it is" }
end

local function context(trace)
  local lines = {}
  for i, one in ipairs(trace.snippets) do
    local tokens = trace.snippet_tokens[i] or 0
    local size = tokens > 0 and tokens .. " tokens" or trace.cached and "as then" or "left out, to be in time"
    lines[#lines + 1] = ("- %s:%d (%s, worth %.2f, %s)"):format(one.path, one.line + 1, one.source, one.score, size)
  end
  return #lines > 0 and lines or { "- nothing beside the text around the cursor" }
end

-- Returns the lines of a report on one trace; see docs/protocol.md for what is in it.
function M.lines(trace)
  local lines = { ("Request %d, %s, %s"):format(trace.id, trace.language, outcome(trace)), "" }
  vim.list_extend(lines, suggested(trace))
  vim.list_extend(lines, { "", times(trace), model(trace) })
  if trace.raw ~= "" then
    vim.list_extend(lines, { "", "Filters:" })
    vim.list_extend(lines, filters(trace))
  end
  vim.list_extend(lines, { "", "Context in the prompt, the best last:" })
  vim.list_extend(lines, context(trace))
  if trace.raw ~= "" and trace.raw ~= trace.text then
    vim.list_extend(lines, { "", "The model wrote: " .. vim.inspect(trace.raw) })
  end
  return lines
end

return M
