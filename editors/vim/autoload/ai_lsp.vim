" Ghost text: asked for over ALE's connection, drawn as virtual text. ALE's own completion knows nothing of the server:
" it takes the answer of one server alone, and that is the language's own.

let s:linters = {}
let s:handlers = {}
let s:enabled = v:true
let s:timer = -1
" What is on the screen: lnum, col (bytes before it), text, and the item it comes from; empty for nothing.
let s:ghost = {}

" Has ALE start the server for the current buffer.
function! ai_lsp#start() abort
  if s:wanted()
    call s:connect({_ -> 0})
  endif
endfunction

function! s:wanted() abort
  return index(g:ai_lsp_filetypes, &filetype) >= 0 && &buftype is# '' && s:has_ale()
endfunction

function! s:has_ale() abort
  if !exists('s:ale')
    let s:ale = !empty(globpath(&runtimepath, 'autoload/ale/lsp_linter.vim'))
    if !s:ale
      echomsg 'ai-lsp: ALE is missing, without which there is no connection to the server'
    endif
  endif
  return s:ale
endfunction

function! s:linter() abort
  if !has_key(s:linters, &filetype)
    let s:linters[&filetype] = ale#linter#PreProcess(&filetype, {
      \ 'name': 'ai-lsp',
      \ 'lsp': 'stdio',
      \ 'executable': g:ai_lsp_command[0],
      \ 'command': '%e ' . join(map(copy(g:ai_lsp_command[1:]), 'shellescape(v:val)')),
      \ 'project_root': function('s:root'),
      \})
  endif
  return s:linters[&filetype]
endfunction

function! s:root(buffer) abort
  let l:git = ale#path#FindNearestDirectory(a:buffer, '.git')
  return empty(l:git) ? expand('#' . a:buffer . ':p:h') : fnamemodify(l:git, ':h:h')
endfunction

" Calls Then with the connection once the server runs.
function! s:connect(Then) abort
  call ale#lsp_linter#StartLSP(bufnr(''), s:linter(), {_, details -> a:Then(details.connection_id)})
endfunction

" Sends a request; Then gets what the server answers.
function! s:request(method, params, Then) abort
  call s:connect(function('s:send', [bufnr(''), a:method, a:params, a:Then]))
endfunction

function! s:send(buffer, method, params, Then, connection) abort
  call ale#lsp#NotifyForChanges(a:connection, a:buffer)
  call ale#lsp#RegisterCallback(a:connection, function('s:answered'))
  let s:handlers[ale#lsp#Send(a:connection, [0, a:method, a:params])] = a:Then
endfunction

function! s:answered(_connection, response) abort
  let l:id = get(a:response, 'id', 0)
  if has_key(s:handlers, l:id) && !has_key(a:response, 'method')
    call remove(s:handlers, l:id)(get(a:response, 'result', v:null))
  endif
endfunction

" After each change of the text: keeps what is typed through, else asks when the keys have paused for a moment.
function! ai_lsp#changed() abort
  if !s:wanted() || s:typed_through()
    return
  endif
  call ai_lsp#clear()
  call timer_stop(s:timer)
  let s:timer = timer_start(g:ai_lsp_delay, {_ -> ai_lsp#ask(0)})
endfunction

function! s:typed_through() abort
  if empty(s:ghost) || line('.') != s:ghost.lnum || col('.') - 1 <= s:ghost.col
    return 0
  endif
  let l:typed = strpart(getline('.'), s:ghost.col, col('.') - 1 - s:ghost.col)
  if stridx(s:ghost.text, l:typed) != 0 || l:typed is# s:ghost.text
    return 0
  endif
  call s:show(strpart(s:ghost.text, len(l:typed)), s:ghost.item)
  return 1
endfunction

" Asks for a suggestion at the cursor; by hand it comes at once, wherever that is.
function! ai_lsp#ask(by_hand) abort
  if !s:wanted() || mode() !~# '^i' || pumvisible()
    return
  endif
  let l:place = [bufnr(''), line('.'), col('.'), b:changedtick]
  let l:before = strpart(getline('.'), 0, col('.') - 1)
  call s:request('textDocument/inlineCompletion', {
    \ 'textDocument': {'uri': ale#util#ToURI(expand('%:p'))},
    \ 'position': {'line': line('.') - 1, 'character': s:utf16(l:before)},
    \ 'context': {'triggerKind': a:by_hand ? 1 : 2},
    \}, function('s:suggested', [l:place]))
endfunction

function! s:utf16(text) abort
  return strchars(a:text) + len(filter(split(a:text, '\zs'), 'char2nr(v:val) > 0xFFFF'))
endfunction

" Shows what was suggested, unless the cursor has gone on.
function! s:suggested(place, result) abort
  let l:items = type(a:result) is v:t_dict ? a:result.items : []
  let l:now = [bufnr(''), line('.'), col('.'), b:changedtick]
  if !empty(l:items) && a:place ==# l:now && mode() =~# '^i' && !pumvisible()
    call s:show(l:items[0].insertText, l:items[0])
  endif
endfunction

function! s:show(text, item) abort
  call ai_lsp#clear()
  if empty(prop_type_get('ai_lsp'))
    highlight default link AiLspGhost Comment
    call prop_type_add('ai_lsp', {'highlight': 'AiLspGhost'})
  endif
  let s:ghost = {'lnum': line('.'), 'col': col('.') - 1, 'text': a:text, 'item': a:item, 'buffer': bufnr('')}
  let [l:first; l:below] = split(substitute(a:text, '\t', repeat(' ', &tabstop), 'g'), "\n", 1)
  if !empty(l:first)
    call prop_add(line('.'), col('.'), {'type': 'ai_lsp', 'text': l:first})
  endif
  for l:line in l:below
    call prop_add(line('.'), 0, {'type': 'ai_lsp', 'text': empty(l:line) ? ' ' : l:line, 'text_align': 'below'})
  endfor
  redraw
endfunction

" Takes the ghost text away.
function! ai_lsp#clear() abort
  if !empty(s:ghost)
    call prop_remove({'type': 'ai_lsp', 'all': v:true, 'bufnr': s:ghost.buffer})
    let s:ghost = {}
  endif
endfunction

function! ai_lsp#shown() abort
  return !empty(s:ghost)
endfunction

" Inserts the ghost text, and tells the server.
function! ai_lsp#accept() abort
  if empty(s:ghost)
    return
  endif
  let [l:text, l:item] = [s:ghost.text, s:ghost.item]
  call ai_lsp#clear()
  let [l:line, l:at] = [getline('.'), col('.') - 1]
  let l:lines = split(strpart(l:line, 0, l:at) . l:text, "\n", 1)
  let l:column = len(l:lines[-1])
  let l:lines[-1] .= strpart(l:line, l:at)
  call setline('.', l:lines[0])
  call append('.', l:lines[1:])
  call cursor(line('.') + len(l:lines) - 1, l:column + 1)
  if has_key(l:item, 'command')
    let l:command = {'command': l:item.command.command, 'arguments': get(l:item.command, 'arguments', [])}
    call s:request('workspace/executeCommand', l:command, {_ -> 0})
  endif
endfunction

" Shows how the latest suggestion came about, or why there was none.
function! ai_lsp#why() abort
  call s:request('workspace/executeCommand', {'command': 'ai-lsp.why', 'arguments': []}, function('s:show_why'))
endfunction

function! s:show_why(trace) abort
  if type(a:trace) isnot v:t_dict
    echomsg 'ai-lsp: nothing was asked for yet'
    return
  endif
  let l:lines = [printf('Request %d, %s', a:trace.id, a:trace.manual ? 'by hand' : 'while typing'), '']
  if empty(a:trace.text)
    call add(l:lines, 'Nothing was suggested: ' . a:trace.reason)
  else
    let l:fate = a:trace.accepted ? 'accepted' : 'not accepted'
    call extend(l:lines, [printf('Suggested (%s):', l:fate), ''] + split(a:trace.text, "\n", 1))
  endif
  call extend(l:lines, ['', 'Milliseconds:'])
  for [l:stage, l:time] in sort(items(a:trace.stages))
    call add(l:lines, printf('  %-12s %7.1f', l:stage, l:time))
  endfor
  call s:open(l:lines)
endfunction

" Shows how many suggestions there were since the start, and what became of them.
function! ai_lsp#stats() abort
  call s:request('workspace/executeCommand', {'command': 'ai-lsp.stats', 'arguments': []}, function('s:show_stats'))
endfunction

function! s:show_stats(stats) abort
  let l:lines = []
  for l:name in ['requests', 'suggested', 'accepted', 'started', 'completed']
    call add(l:lines, printf('%-12s %5d', l:name, a:stats[l:name]))
  endfor
  call add(l:lines, printf('%-12s %5.0f ms, 95 %% within %.0f ms', 'median', a:stats.median_ms, a:stats.p95_ms))
  for l:silence in a:stats.silences
    call add(l:lines, printf('%5d  %s', l:silence.count, l:silence.reason))
  endfor
  call s:open(l:lines)
endfunction

function! s:open(lines) abort
  new
  setlocal buftype=nofile bufhidden=wipe noswapfile
  call setline(1, a:lines)
  setlocal nomodifiable
  nnoremap <buffer> q <C-W>c
endfunction

" Switches suggestions off, or on again, in all buffers of the server.
function! ai_lsp#toggle() abort
  let s:enabled = !s:enabled
  let l:settings = {'settings': {'ai-lsp': {'enabled': s:enabled ? v:true : v:false}}}
  call ai_lsp#clear()
  call s:connect({id -> ale#lsp#Send(id, [1, 'workspace/didChangeConfiguration', l:settings])})
  echomsg 'ai-lsp: suggestions are' s:enabled ? 'on' : 'off'
endfunction
