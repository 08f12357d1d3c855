" What the commands do, and what ALE is told of the server.

let s:known = {}
let s:enabled = v:true

" Has ALE start the server for the current buffer, beside the linters that it has for it anyway.
function! ai_lsp#use(filetype) abort
  if index(g:ai_lsp_filetypes, a:filetype) < 0
    return
  endif
  if !has_key(s:known, a:filetype)
    let s:known[a:filetype] = 1
    call ale#linter#Define(a:filetype, {
      \ 'name': 'ai-lsp',
      \ 'lsp': 'stdio',
      \ 'executable': g:ai_lsp_command[0],
      \ 'command': '%e ' . join(map(copy(g:ai_lsp_command[1:]), 'shellescape(v:val)')),
      \ 'project_root': function('s:root'),
      \})
  endif
  let l:names = map(ale#linter#Get(a:filetype), 'v:val.name')
  let b:ale_linters = index(l:names, 'ai-lsp') < 0 ? l:names + ['ai-lsp'] : l:names
endfunction

function! s:root(buffer) abort
  let l:git = ale#path#FindNearestDirectory(a:buffer, '.git')
  return empty(l:git) ? expand('#' . a:buffer . ':p:h') : fnamemodify(l:git, ':h:h')
endfunction

" Shows how the latest suggestion came about, or why there was none.
function! ai_lsp#why() abort
  let l:message = [0, 'workspace/executeCommand', {'command': 'ai-lsp.why', 'arguments': []}]
  call ale#lsp_linter#SendRequest(bufnr(''), 'ai-lsp', l:message, function('s:show_why'))
endfunction

function! s:show_why(response) abort
  let l:trace = get(a:response, 'result', v:null)
  if type(l:trace) isnot v:t_dict
    echomsg 'ai-lsp: nothing was asked for yet'
    return
  endif
  let l:lines = [printf('Request %d', l:trace.id), '']
  if empty(l:trace.text)
    call add(l:lines, 'Nothing was suggested: ' . l:trace.reason)
  else
    call extend(l:lines, ['Suggested:', ''] + split(l:trace.text, "\n", 1))
  endif
  call extend(l:lines, ['', 'Milliseconds:'])
  for [l:stage, l:time] in sort(items(l:trace.stages))
    call add(l:lines, printf('  %-12s %7.1f', l:stage, l:time))
  endfor
  new
  setlocal buftype=nofile bufhidden=wipe noswapfile
  call setline(1, l:lines)
  setlocal nomodifiable
  nnoremap <buffer> q <C-W>c
endfunction

" Switches suggestions off, or on again, in all buffers of the server.
function! ai_lsp#toggle() abort
  let s:enabled = !s:enabled
  let l:settings = {'settings': {'ai-lsp': {'enabled': s:enabled ? v:true : v:false}}}
  call ale#lsp_linter#SendRequest(bufnr(''), 'ai-lsp', [1, 'workspace/didChangeConfiguration', l:settings])
  echomsg 'ai-lsp: suggestions are' s:enabled ? 'on' : 'off'
endfunction
