-- Pure text: what of a suggestion has been typed, and its next word and line.

local M = {}

-- Splits at line ends of either kind.
function M.lines(text)
  return vim.split(text, "\r?\n")
end

-- Returns how long a text is in the unit that LSP counts in.
function M.utf16(text)
  return vim.fn.strutf16len(text)
end

-- Returns white space and the word, or run of other characters, that a text begins with.
function M.first_word(text)
  local word = vim.fn.matchstr(text, [[^\_s*\%(\k\+\|\%(\k\@!\S\)\+\)]])
  return word ~= "" and word or text
end

-- Returns the first line of a text; of one that goes on in the next line, that line's end and the next line.
function M.first_line(text)
  return text:match("^\n*[^\n]*")
end

-- Takes note of where a suggestion was asked for: `row` and `col` from 0, in bytes.
function M.anchor(buf, row, col)
  local line = vim.api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ""
  local count = vim.api.nvim_buf_line_count(buf)
  return { buf = buf, row = row, col = col, before = line:sub(1, col), after = line:sub(col + 1), count = count }
end

-- Returns what has been typed from the anchor to the cursor, where nothing else was changed; nil if something was.
function M.typed(anchor, row, col)
  local rows = row - anchor.row
  if rows < 0 or vim.api.nvim_buf_line_count(anchor.buf) - anchor.count ~= rows then
    return nil
  end
  local lines = vim.api.nvim_buf_get_lines(anchor.buf, anchor.row, row + 1, false)
  local first, last = lines[1], lines[#lines]
  if not last or last:sub(col + 1) ~= anchor.after or not vim.startswith(first, anchor.before) then
    return nil
  end
  lines[#lines] = last:sub(1, col)
  if #lines[1] < anchor.col then
    return nil
  end
  lines[1] = lines[1]:sub(anchor.col + 1)
  return table.concat(lines, "\n")
end

return M
