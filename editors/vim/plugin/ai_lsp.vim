" ai-lsp in Vim 9 through ALE; README.md in the folder above has what to set.

if exists('g:loaded_ai_lsp') || v:version < 900
  finish
endif
let g:loaded_ai_lsp = 1

let g:ai_lsp_command = get(g:, 'ai_lsp_command', ['ai-lsp', 'serve'])
let g:ai_lsp_filetypes = get(g:, 'ai_lsp_filetypes',
  \ ['c', 'cpp', 'go', 'java', 'javascript', 'lua', 'python', 'ruby', 'rust', 'typescript'])

augroup ai_lsp
  autocmd!
  autocmd FileType * call ai_lsp#use(expand('<amatch>'))
augroup END

command! AiLspWhy call ai_lsp#why()
command! AiLspToggle call ai_lsp#toggle()
