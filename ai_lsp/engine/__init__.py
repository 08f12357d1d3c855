"""The model in this process: llama.cpp's low-level API, KV sequences, token healing and the engine thread."""
