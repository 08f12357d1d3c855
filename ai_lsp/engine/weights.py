"""The weights of models in memory, each file once, however many contexts use it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ai_lsp.engine.llama import LlamaModel

_Key = tuple[Path, int, int, int]


@dataclass(eq=False)
class _Loan:
    model: LlamaModel | None = None
    users: int = 0
    loading: threading.Lock = field(default_factory=threading.Lock)


_loans: dict[_Key, _Loan] = {}
_lock = threading.Lock()


def borrow(path: Path, *, gpu_layers: int = 0, progress: Callable[[float], None] | None = None) -> LlamaModel:
    """Return the model of a file, loaded now unless somebody has it; `give_back` must follow.

    A file that was replaced since is another one. Raises `ModelLoadError`; any thread may call it.
    """
    key = _key(path, gpu_layers)
    with _lock:
        loan = _loans.setdefault(key, _Loan())
        loan.users += 1
    try:
        with loan.loading:
            if loan.model is None:
                loan.model = LlamaModel(path, gpu_layers=gpu_layers, progress=progress)
            return loan.model
    except BaseException:
        _leave(key, loan)
        raise


def give_back(model: LlamaModel) -> None:
    """Free the weights unless somebody else has them too. No context of the caller's may be left."""
    with _lock:
        key, loan = next((key, loan) for key, loan in _loans.items() if loan.model is model)
    _leave(key, loan)


def _leave(key: _Key, loan: _Loan) -> None:
    with _lock:
        loan.users -= 1
        if loan.users:
            return
        del _loans[key]
    if loan.model is not None:
        loan.model.close()


def _key(path: Path, gpu_layers: int) -> _Key:
    try:
        status = path.stat()
    except OSError:  # loading it tells what is wrong
        return path, gpu_layers, 0, 0
    return path.resolve(), gpu_layers, status.st_ino, status.st_mtime_ns
