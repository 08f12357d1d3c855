# The two commands are `make demo` and `make test`; everything they need is made on the way.

PYTHON ?= python3
# Where to look for ready-made llama-cpp-python wheels before building from source; see README.md.
WHEELS ?=
MODEL ?= smollm2-135m

BIN := .venv/bin
LLAMA := llama-cpp-python>=0.3.36,<0.4
# Only libllama and libggml are built: the multimodal library and llama.cpp's tools are not used here.
export CMAKE_ARGS ?= -DLLAVA_BUILD=OFF -DCMAKE_PROJECT_llama_cpp_INCLUDE=$(CURDIR)/build-support/llama-core.cmake

.PHONY: demo test lint types unit test-editors bench-editors bench bench-ci quality quality-ci gate model install clean

demo: install model
	$(BIN)/python -m demo

test: lint types unit

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

unit: install model
	$(BIN)/pytest -q

# Editors that the wheels do not have; each is fetched, and what cannot be had is said.
test-editors: install model
	$(BIN)/python -m tests.editors .venv/editors

bench: install model .venv/bench
	$(BIN)/python -m benchmarks.latency $(BENCH)

bench-editors: install model .venv/bench
	$(BIN)/python -m benchmarks.editors $(BENCH)

# Three to four minutes: counts against a committed baseline and ratios, never absolute times.
bench-ci: install model .venv/bench
	$(BIN)/python -m benchmarks.latency --keystrokes 300 --peers plain --peer-segments 1 --scenarios depth,cancel \
	 --depth-rounds 2 --check $(BENCH)

quality: install model .venv/bench
	$(BIN)/python -m benchmarks.quality $(QUALITY)

# Two to three minutes: a small fixed sample against a committed baseline.
quality-ci: install model
	$(BIN)/python -m benchmarks.quality --check $(QUALITY)

.venv/bench: .venv/installed
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

# The gate's weights for MODEL, fitted and reported on; GATE="--write" ships them. Hours for a large model.
gate: install model
	$(BIN)/python -m benchmarks.quality.gate --model $(MODEL) $(GATE)

model: install
	@$(BIN)/ai-lsp models pull $(MODEL)

install: .venv/installed

.venv/installed: pyproject.toml build-support/llama-core.cmake
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -c "import llama_cpp" 2>/dev/null || echo "Installing llama-cpp-python. Without a ready-made\
	 wheel it is compiled from source: about 2 minutes on 2 cores, once; pip keeps the wheel."
	$(BIN)/python -m pip install --quiet $(if $(WHEELS),--extra-index-url $(WHEELS) --prefer-binary) "$(LLAMA)"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
