# `make demo` and `make test` are all that a newcomer needs: Python >= 3.11 and make.
PYTHON ?= python3
PORT ?= 8080
WHAT ?=
COUNT ?= 1000000
ROUNDS ?= 20
SEED ?= 1
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Without bytecode every process compiles aiogram's thousand modules anew: ten seconds a start.
unexport PYTHONDONTWRITEBYTECODE

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locales/*/LC_MESSAGES/*.po))

.PHONY: audit bench demo faults fuzz run test lint texts lock soak setup clean
.DEFAULT_GOAL := demo

setup: .venv/installed $(CATALOGUES)

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Orynbot needs Python 3.11 or newer; name one with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' || \
	  { echo "this Python cannot make environments; on Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	@awk '/^[a-z]/ {mine = /^uv==/} mine' requirements.lock > .venv/uv.lock
	$(BIN)/pip install --quiet --require-hashes -r .venv/uv.lock
	$(BIN)/uv pip install --quiet --link-mode copy --require-hashes -r requirements.lock \
	  --python $(BIN)/python || $(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

%.mo: %.po .venv/installed
	@$(BIN)/pybabel --quiet compile -i $< -o $@

demo: setup ## the bot, the desk and its page on this machine
	@exec $(BIN)/oryn demo --port $(PORT) $(if $(DATA),--data "$(DATA)")

run: setup ## the real bot: needs BOT_TOKEN
	@exec $(BIN)/oryn run

lint: setup ## the quick part of `make test`
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m tests.catalogues

test: lint ## all checks and all tests
	@$(BIN)/pytest -n 3 --dist worksteal -m "not soak"

soak: setup ## the long versions of what `make test` runs short
	@$(BIN)/pytest -n 2 --dist worksteal -m soak

fuzz: setup ## a million mutated updates, receipts and events; COUNT= and SEED=
	@$(BIN)/python -m tests.fuzz --count $(COUNT) --seed $(SEED)

audit: setup ## whether a pinned dependency has a vulnerability that is known
	@$(BIN)/python -m tests.audit

bench: setup ## measurements; WHAT= names one
	@$(BIN)/python -m bench $(WHAT)

faults: setup ## rounds of kills and faults; ROUNDS= how many, SEED= the first one's
	@$(BIN)/python -m tests.faults --rounds $(ROUNDS) $(if $(SEED),--seed $(SEED))

texts: setup ## gather the texts of the code into the catalogues
	@$(BIN)/python -m tests.catalogues --update

lock: ## pin the dependencies anew
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --python-version 3.11 \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml -c requirements.lock --universal --generate-hashes \
	  --python-version 3.11 --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" -q -o deploy/requirements.lock

clean:
	rm -rf .venv $(CATALOGUES)
