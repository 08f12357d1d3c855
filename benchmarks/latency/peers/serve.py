"""A peer's server process: `python -m benchmarks.latency.peers.serve KIND MODEL THREADS PORT`.

`plain` is llama-cpp-python's own `create_completion` behind a small HTTP server, one request at a time;
`llama-server` is upstream's server as the package xllamacpp carries it, `vectors` the same with `--embedding`,
`reranker` with `--reranking` and `unending` with `--ignore-eos`.
"""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def serve_plain(model: str, threads: int, port: int) -> None:
    """Serve `create_completion` for ever."""
    from llama_cpp import Llama

    llama = Llama(model, n_ctx=8192, n_threads=threads, n_threads_batch=threads, verbose=False)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            asked: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                done: Any = llama.create_completion(
                    asked["prompt"], max_tokens=asked["n_predict"], temperature=0.0, stop=asked["stop"]
                )
            self._reply({"content": done["choices"][0]["text"]})

        def _reply(self, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_arguments: Any) -> None:
            pass

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


def serve_vectors(model: str, threads: int, port: int) -> None:
    """Run llama-server so that it answers with the mean of its tokens' vectors, until the process is ended."""
    serve_llama_server(model, threads, port, pooling="MEAN")


def serve_reranker(model: str, threads: int, port: int) -> None:
    """Run llama-server so that it scores texts, until the process is ended."""
    serve_llama_server(model, threads, port, pooling="RANK")


def serve_unending(model: str, threads: int, port: int) -> None:
    """Run llama-server so that an answer has all the tokens asked for, until the process is ended."""
    serve_llama_server(model, threads, port, ends=False)


def serve_llama_server(model: str, threads: int, port: int, *, pooling: str = "", ends: bool = True) -> None:
    """Run llama-server until the process is ended."""
    import xllamacpp  # type: ignore[import-untyped]

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = 8192
    if pooling:
        params.embedding = True
        params.pooling_type = xllamacpp.llama_pooling_type[f"LLAMA_POOLING_TYPE_{pooling}"]
    params.sampling.ignore_eos = not ends
    params.n_parallel = 1
    params.n_cache_reuse = 256  # this and the batch as llama.vim recommends
    params.n_batch = params.n_ubatch = 1024
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(params)
    print(server.listening_address)
    threading.Event().wait()


def main() -> None:
    """Serve what the arguments say."""
    kind, model, threads, port = sys.argv[1:5]
    serve = {
        "plain": serve_plain,
        "llama-server": serve_llama_server,
        "vectors": serve_vectors,
        "reranker": serve_reranker,
        "unending": serve_unending,
    }[kind]
    serve(model, int(threads), int(port))


if __name__ == "__main__":
    main()
