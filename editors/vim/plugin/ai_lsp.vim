" ai-lsp in Vim 9: ghost text, over ALE's connection to the server. README.md in the folder above has what to set.

if exists('g:loaded_ai_lsp') || !has('patch-9.0.0185')
  finish
endif
let g:loaded_ai_lsp = 1

let g:ai_lsp_command = get(g:, 'ai_lsp_command', ['ai-lsp', 'serve'])
let g:ai_lsp_filetypes = get(g:, 'ai_lsp_filetypes',
  \ ['c', 'cpp', 'go', 'java', 'javascript', 'lua', 'python', 'ruby', 'rust', 'typescript'])
let g:ai_lsp_delay = get(g:, 'ai_lsp_delay', 20)

augroup ai_lsp
  autocmd!
  autocmd BufEnter,FileType * call ai_lsp#start()
  autocmd TextChangedI * call ai_lsp#changed()
  autocmd InsertLeave,CompleteChanged,BufLeave * call ai_lsp#clear()
augroup END

command! AiLspWhy call ai_lsp#why()
command! AiLspStats call ai_lsp#stats()
command! AiLspToggle call ai_lsp#toggle()

inoremap <silent> <Plug>(ai-lsp-suggest) <Cmd>call ai_lsp#ask(1)<CR>
inoremap <silent> <Plug>(ai-lsp-accept) <C-G>u<Cmd>call ai_lsp#accept()<CR>
if empty(mapcheck('<Tab>', 'i'))
  imap <expr> <Tab> ai_lsp#shown() ? "\<Plug>(ai-lsp-accept)" : "\<Tab>"
endif
