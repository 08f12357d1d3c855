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
.PHONY: vscode vscode-settings vscode-check vsix test-vscode

demo: install model
	$(BIN)/python -m demo

test: lint types unit vscode

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

# Two at a time, but for real editors: these have screens that are read while they change.
unit: install model
	$(BIN)/pytest -q -rs -n 2 --dist loadfile --ignore tests/editors
	$(BIN)/pytest -q -rs tests/editors

# Editors that `make test` leaves out, Neovim 0.12 and 0.10 and lsp-mode; each is fetched, and what cannot be had is said.
test-editors: install model
	$(BIN)/python -m tests.editors

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

# The extension for VS Code; see editors/vscode/README.md. All of it needs Node 20 or newer.
VSCODE := editors/vscode

vscode:
	@if node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null && npm --version >/dev/null; then \
	 $(MAKE) --no-print-directory vscode-check; \
	else echo "Without Node 20 the extension's types, lint and unit tests are left out."; fi

vscode-settings: install
	$(BIN)/python build-support/vscode_settings.py

$(VSCODE)/node_modules: $(VSCODE)/package-lock.json
	cd $(VSCODE) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

vscode-check: $(VSCODE)/node_modules
	cd $(VSCODE) && npm run --silent types && npm run --silent lint && npm run --silent test

vsix: install $(VSCODE)/node_modules
	rm -rf $(VSCODE)/server && mkdir -p $(VSCODE)/server dist
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir $(VSCODE)/server .
	cp build-support/llama-core.cmake $(VSCODE)/server/ && cp LICENSE $(VSCODE)/
	cd $(VSCODE) && npm run --silent build && npm run --silent package -- --out $(CURDIR)/dist/

# A real VS Code (code-server, from npm) in a real browser; the first run installs about 800 MB under .build/vscode.
test-vscode: vsix model
	node $(VSCODE)/test/e2e/run.mjs $(E2E)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .build/vscode dist $(VSCODE)/node_modules $(VSCODE)/out $(VSCODE)/server
