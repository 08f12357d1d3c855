"""One model and one context of llama.cpp, as plain Python objects over its low-level API.

Nothing here keeps state about prompts or decides anything: `session` and `generate` do. A context belongs to
one thread; only `LlamaContext.abort` may be called from another.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ai_lsp.engine.binding import integers, llama, native_abort_callback, recent_errors

Logits = npt.NDArray[np.float32]
Tokens = npt.NDArray[np.int32]

_FLASH = {"off": 0, "on": 1, "auto": -1}  # llama_flash_attn_type
_ABORTED, _NO_SLOT = 2, 1  # llama_decode's results


class EngineError(Exception):
    """The engine cannot do what was asked; the message says why and how to mend it."""


class ModelLoadError(EngineError):
    """A model file cannot be used."""


class DecodeAborted(EngineError):
    """A decode was stopped by `LlamaContext.abort`; the aborted batch has left nothing in the KV."""


@dataclass(frozen=True, slots=True)
class ContextSettings:
    """How a context is made. Zero means: llama.cpp's or our own default."""

    cells: int = 2048
    """KV cells of each sequence, in tokens."""
    sequences: int = 4
    threads: int = 0
    threads_batch: int = 0
    batch: int = 512
    """Most tokens of one `decode`."""
    ubatch: int = 0
    flash_attention: str = "auto"
    gpu_layers: int = 0


def check_file(path: Path) -> None:
    """Raise `ModelLoadError` when `path` cannot be a GGUF model, before llama.cpp sees it."""
    hint = "download it again with `ai-lsp models pull`, or choose another model"
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise ModelLoadError(f"cannot read the model file {path}: {error.strerror}; {hint}") from error
    if not magic:
        raise ModelLoadError(f"the model file {path} is empty; {hint}")
    if magic != b"GGUF":
        raise ModelLoadError(f"{path} is not a GGUF model (it starts with {magic!r}); {hint}")


class LlamaModel:
    """Weights and vocabulary of one GGUF file."""

    def __init__(
        self,
        path: Path,
        *,
        gpu_layers: int = 0,
        overrides: Mapping[str, int] | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        """Load `path`. `progress` gets the share done, 0 to 1; `overrides` replace integer metadata.

        Raises `ModelLoadError` with llama.cpp's own reason.
        """
        check_file(path)
        ll = llama()
        params = ll.llama_model_default_params()
        params.n_gpu_layers = gpu_layers if gpu_layers >= 0 else 999
        # llama.cpp copies most weights into the layout that its kernels want. Pages that are mapped would stay
        # resident beside the copy: 361 instead of 298 MB with the default model.
        params.load_mode = ll.LLAMA_LOAD_MODE_NONE
        self._keep: list[Any] = []
        if progress is not None:
            params.progress_callback = self._progress(progress)
        if overrides:
            params.kv_overrides = self._overrides(overrides)
        recent_errors.clear()
        self.path = path
        self.pointer = ll.llama_model_load_from_file(str(path).encode(), params)
        if not self.pointer:
            reason = "; ".join(dict.fromkeys(recent_errors)) or "llama.cpp gave no reason"
            raise ModelLoadError(f"llama.cpp cannot load {path}: {reason}")
        self.vocab = ll.llama_model_get_vocab(self.pointer)
        self.n_vocab: int = ll.llama_vocab_n_tokens(self.vocab)
        self.n_ctx_train: int = ll.llama_model_n_ctx_train(self.pointer)
        self.add_bos: bool = ll.llama_vocab_get_add_bos(self.vocab)
        self.bos: int = ll.llama_vocab_bos(self.vocab)
        self.rewinds = not (ll.llama_model_is_recurrent(self.pointer) or ll.llama_model_is_hybrid(self.pointer))
        """Whether the end of a sequence can be taken back; a recurrent state can only be cleared."""

    def _progress(self, progress: Callable[[float], None]) -> Any:
        def report(share: float, _data: Any) -> bool:
            progress(share)
            return True

        callback = llama().llama_progress_callback(report)
        self._keep.append(callback)
        return callback

    def _overrides(self, overrides: Mapping[str, int]) -> Any:
        ll = llama()
        array = (ll.llama_model_kv_override * (len(overrides) + 1))()
        for slot, (key, value) in zip(array, overrides.items(), strict=False):
            slot.key = key.encode()
            slot.tag = ll.LLAMA_KV_OVERRIDE_TYPE_INT
            slot.value.val_i64 = value
        self._keep.append(array)
        return array

    def meta(self, key: str) -> str:
        """Return a metadata value as text, empty when there is none."""
        buffer = ctypes.create_string_buffer(1024)
        size = llama().llama_model_meta_val_str(self.pointer, key.encode(), buffer, len(buffer))
        return buffer.value.decode("utf-8", "replace") if size >= 0 else ""

    @property
    def chat_template(self) -> str:
        """The Jinja template for conversations, empty when the file has none."""
        template: bytes | None = llama().llama_model_chat_template(self.pointer, None)
        return (template or b"").decode("utf-8", "replace")

    def ends(self, token: int) -> bool:
        """Whether a token ends an answer."""
        return bool(llama().llama_vocab_is_eog(self.vocab, token))

    def tokenize(self, text: str, *, special: bool = False, ends: bool = False) -> list[int]:
        """Return the tokens of `text`.

        `special` reads control tokens in the text as such; `ends` adds what the model begins and ends texts with.
        """
        data = text.encode("utf-8", "replace")
        ll = llama()
        tokens = integers(len(data) + 8)
        while True:
            count: int = ll.llama_tokenize(self.vocab, data, len(data), tokens, len(tokens), ends, special)
            if count >= 0:
                return tokens[:count]
            tokens = integers(-count)

    def piece(self, token: int) -> bytes:
        """Return the bytes that `token` stands for; empty for control tokens."""
        buffer = ctypes.create_string_buffer(64)
        ll = llama()
        size = ll.llama_token_to_piece(self.vocab, token, buffer, len(buffer), 0, False)
        if size < 0:
            buffer = ctypes.create_string_buffer(-size)
            size = ll.llama_token_to_piece(self.vocab, token, buffer, len(buffer), 0, False)
        return buffer.raw[:size]

    def close(self) -> None:
        """Free the weights. No context of this model may be left."""
        if self.pointer:
            llama().llama_model_free(self.pointer)
            self.pointer = None


class LlamaContext:
    """KV cells and compute buffers over one model."""

    def __init__(self, model: LlamaModel, settings: ContextSettings) -> None:
        """Make the context.

        Raises `EngineError` when there is not the memory for it.
        """
        ll = llama()
        self.model = model
        self.cells = min(settings.cells, model.n_ctx_train) if model.n_ctx_train > 0 else settings.cells
        self.sequences = settings.sequences
        self.settings = settings
        self.batch_size = min(settings.batch, self.cells)
        self._flag = ctypes.create_string_buffer(2)
        recent_errors.clear()
        self.pointer = ll.llama_init_from_model(model.pointer, self._params(settings))
        if not self.pointer:
            reason = "; ".join(dict.fromkeys(recent_errors)) or "llama.cpp gave no reason"
            raise EngineError(f"cannot make a context of {self.cells} x {self.sequences} tokens: {reason}")
        self._memory = ll.llama_get_memory(self.pointer)
        self._batch = ll.llama_batch_init(self.batch_size, 0, 1)
        size = (self.batch_size,)
        self._tokens = np.ctypeslib.as_array(self._batch.token, size)
        self._positions = np.ctypeslib.as_array(self._batch.pos, size)
        self._counts = np.ctypeslib.as_array(self._batch.n_seq_id, size)
        self._wanted = np.ctypeslib.as_array(self._batch.logits, size)
        self._counts[:] = 1

    def _params(self, settings: ContextSettings) -> Any:
        params = llama().llama_context_default_params()
        params.n_ctx = self.cells * self.sequences
        params.n_seq_max = self.sequences
        params.n_batch = self.batch_size
        params.n_ubatch = min(settings.ubatch or self.batch_size, self.batch_size)
        params.flash_attn_type = _FLASH[settings.flash_attention]
        params.kv_unified = False  # a decode then attends to its own sequence's cells only
        params.no_perf = True
        params.abort_callback = native_abort_callback()
        params.abort_callback_data = ctypes.addressof(self._flag)
        if settings.threads:
            params.n_threads = settings.threads
            params.n_threads_batch = settings.threads_batch or settings.threads
        return params

    def decode(self, tokens: Sequence[int] | Tokens, start: int, sequence: int, *, logits: int = 1) -> None:
        """Evaluate `tokens` at positions `start`, `start` + 1, ... of `sequence`.

        At most `batch_size` tokens; logits are kept for the last `logits` of them.
        Raises `DecodeAborted` after `abort`, and `EngineError` when the sequence is full or the backend fails.
        """
        n = len(tokens)
        self._batch.n_tokens = n
        self._tokens[:n] = tokens
        self._positions[:n] = np.arange(start, start + n, dtype=np.int32)
        self._wanted[:n] = 0
        self._wanted[n - min(logits, n) : n] = 1
        for i in range(n):
            self._batch.seq_id[i][0] = sequence
        result = llama().llama_decode(self.pointer, self._batch)
        if result == _ABORTED:
            raise DecodeAborted("stopped")
        if result == _NO_SLOT:
            raise EngineError(f"the sequence is full: {start + n} tokens in {self.cells} cells")
        if result:
            raise EngineError(f"llama_decode failed with {result}: {'; '.join(recent_errors)}")

    def logits(self, index: int = -1) -> Logits:
        """Return the logits of one position of the last batch, shape (n_vocab,), valid until the next decode."""
        pointer = llama().llama_get_logits_ith(self.pointer, index)
        return np.ctypeslib.as_array(pointer, (self.model.n_vocab,))

    def remove(self, sequence: int, start: int) -> bool:
        """Forget positions from `start` on; false when this kind of memory can only be cleared whole."""
        return bool(llama().llama_memory_seq_rm(self._memory, sequence, start, -1))

    def save(self, sequence: int, tokens: Tokens, path: Path) -> bool:
        """Write the KV of `sequence`, which holds `tokens`, to `path`; tell whether that worked."""
        array = integers(len(tokens))
        array[: len(tokens)] = tokens.tolist()
        return bool(
            llama().llama_state_seq_save_file(self.pointer, str(path).encode(), sequence, array, len(tokens))
        )

    def load(self, sequence: int, path: Path) -> Tokens:
        """Replace the KV of `sequence` by what `save` wrote; return its tokens, none when it cannot be read."""
        array, count = integers(self.cells), ctypes.c_size_t()
        read = llama().llama_state_seq_load_file(
            self.pointer, str(path).encode(), sequence, array, self.cells, ctypes.byref(count)
        )
        if not read:
            self.remove(sequence, 0)
        return np.array(array[: count.value if read else 0], dtype=np.int32)

    def set_threads(self, threads: int, threads_batch: int) -> None:
        """Change how many threads decode and prefill use, from the next decode on."""
        llama().llama_set_n_threads(self.pointer, threads, threads_batch)

    def abort(self) -> None:
        """Stop the decode that runs now and refuse later ones until `resume`. Safe from any thread."""
        self._flag[0] = b"\x01"

    def resume(self) -> None:
        """Allow decodes again."""
        self._flag[0] = b"\x00"

    @property
    def aborting(self) -> bool:
        """Whether `abort` was called and `resume` was not."""
        return self._flag.raw[0] != 0

    def close(self) -> None:
        """Free the context and its batch."""
        if self.pointer:
            llama().llama_batch_free(self._batch)
            llama().llama_free(self.pointer)
            self.pointer = None
