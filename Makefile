# What is done with this repository. `make` alone lists it. Each target sets itself up, in .venv;
# the first time takes half a minute or so, the next times nothing.

PYTHON ?= python3
UV ?= uv
EDITION ?= 2017

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help report test test-long attacks bench check audit sbom lab large lock clean

# Python keeps what it compiles: each process of a build or a test would compile it anew.
unexport PYTHONDONTWRITEBYTECODE

# Paths are relative, so that a folder with a space in its name does no harm.
VENV := .venv
LAB := .venv-lab
AUDIT := .venv-audit
PY := $(VENV)/bin/python
PIP_INSTALL := -m pip --disable-pip-version-check install --quiet --compile
# Of a lock wheels alone: nothing of a package runs while it is installed.
LOCKED := $(PIP_INSTALL) --require-hashes --only-binary :all:
ITSELF := $(PIP_INSTALL) --no-build-isolation --no-deps --editable .

# An environment knows where it was made: one that was moved with its folder is made again.
PLACE := $(shell pwd -P)
ifneq "$(shell cat $(VENV)/place 2>/dev/null)" "$(PLACE)"
MOVED := moved
endif
ifneq "$(shell cat $(LAB)/place 2>/dev/null)" "$(PLACE)"
LAB_MOVED := moved
endif
ifneq "$(shell cat $(AUDIT)/place 2>/dev/null)" "$(PLACE)"
AUDIT_MOVED := moved
endif
.PHONY: moved

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1|/p' Makefile | while IFS='|' read -r name what; do \
		printf '  make %-10s %s\n' "$$name" "$$what"; done

report: $(VENV)/installed ## make the report of 2017 from the bundled sample (EDITION=… for another)
	@$(VENV)/bin/helpline-report build $(EDITION)

# Tests wait for disks and for what they start: a third process works meanwhile.
test: $(VENV)/tests-installed ## run the tests, in some minutes
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

test-long: $(VENV)/tests-installed ## run the tests that take an hour together (TESTS=tests/end for some)
	@$(PY) -m pytest -n 2 -m long -o faulthandler_timeout=2400 $(TESTS)

attacks: $(VENV)/tests-installed ## attack the protection of small numbers: whole editions, and many random registers
	@$(PY) -m pytest -n 2 --dist worksteal -m long -o faulthandler_timeout=2400 tests/disclosure

bench: $(VENV)/tests-installed ## measure how fast it is (PARTS="program growth" for all)
	@$(PY) -m bench $(PARTS)

check: $(VENV)/tests-installed ## check format, lint, types, layers, and the repository's own habits
	@$(PY) -m ruff format --check --quiet --output-format concise . || \
		{ echo "not formatted; to format: $(PY) -m ruff format ." >&2; exit 1; }
	@$(PY) -m ruff check --quiet --output-format concise .
	@$(PY) -m mypy --no-error-summary
	@report=$$($(VENV)/bin/lint-imports --no-logo 2>&1) || { echo "$$report" >&2; exit 1; }
	@$(PY) -m pytest --quiet --no-header tests/repository

audit: $(AUDIT)/installed ## look for known vulnerabilities in the locks; a package that can't be looked up fails
	@$(AUDIT)/bin/python .ci/advisories.py $(AUDIT)/bin/pip-audit $(LOCKS)

# A lock names no licences: those of the packages that are installed here come from themselves.
sbom: $(AUDIT)/installed $(VENV)/installed ## write dist/sbom.json, the parts list of the build with its licences (CycloneDX)
	@mkdir -p dist
	@$(AUDIT)/bin/python -W ignore -m cyclonedx_py requirements requirements.lock \
		--pyproject pyproject.toml --output-reproducible --output-file dist/sbom.json
	@$(AUDIT)/bin/python -W ignore -m cyclonedx_py environment $(VENV) \
		--output-reproducible --output-file dist/environment.json
	@$(PY) .ci/sbom.py dist/sbom.json dist/environment.json
	@rm dist/environment.json

lab: $(LAB)/installed ## open the chapters in JupyterLab; saved, they hold no outputs
	@JUPYTER_CONFIG_PATH=lab $(LAB)/bin/jupyter lab notebooks $(if $(filter 0,$(shell id -u)),--allow-root)

large: $(VENV)/installed ## install what reads exports of millions of rows (pyarrow)
	@$(PY) $(LOCKED) --requirement requirements-large.lock

lock: ## lock the dependencies again (needs uv); UPGRADE=--upgrade takes the newest of each
	@command -v $(UV) >/dev/null || { echo "to lock again, uv is needed: pip install uv" >&2; exit 1; }
	@$(LOCK) pyproject.toml --group build --output-file requirements.lock
	@$(LOCK) pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock
	@$(LOCK) pyproject.toml --group build --extra lab --constraints requirements.lock \
		--output-file requirements-lab.lock
	@$(LOCK) pyproject.toml --group build --extra large --constraints requirements.lock \
		--output-file requirements-large.lock
	@$(LOCK) --group audit --output-file requirements-audit.lock

LOCKS := requirements.lock requirements-dev.lock requirements-lab.lock requirements-large.lock \
	requirements-audit.lock

# One lock serves every Python from 3.11 and every system: --universal.
LOCK = UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) pip compile --quiet --universal \
	--python-version 3.11 --generate-hashes $(UPGRADE)

clean: ## remove what can be made again: environments and caches, never exports, never editions
	@rm -rf $(VENV) $(LAB) $(AUDIT) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .bench
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/packages: requirements.lock $(MOVED)
	@$(call environment,$(VENV),requirements.lock,$(MOVED))
	@touch $@

$(VENV)/installed: $(VENV)/packages pyproject.toml
	@$(PY) $(ITSELF)
	@$(PY) -m compileall -q src
	@touch $@

$(VENV)/tests-installed: requirements-dev.lock $(VENV)/installed
	@$(PY) $(LOCKED) --requirement requirements-dev.lock
	@touch $@

$(LAB)/installed: requirements-lab.lock pyproject.toml $(LAB_MOVED)
	@$(call environment,$(LAB),requirements-lab.lock,$(LAB_MOVED))
	@$(LAB)/bin/python $(ITSELF)
	@touch $@

$(AUDIT)/installed: requirements-audit.lock $(AUDIT_MOVED)
	@$(call environment,$(AUDIT),requirements-audit.lock,$(AUDIT_MOVED))
	@touch $@

# $(1) the folder, $(2) the lock, $(3) whether to begin with an empty folder
define environment
command -v "$(PYTHON)" >/dev/null || { echo \
	"there is no $(PYTHON): install Python 3.11 or later, or say which: make PYTHON=…" >&2; exit 1; }; \
"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
	"$(PYTHON) is $$("$(PYTHON)" -V 2>&1), and Python 3.11 or later is needed: make PYTHON=…" >&2; exit 1; }; \
"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo \
	"$(PYTHON) can't make environments: install its venv module (on Debian python3-venv)" >&2; exit 1; }; \
echo "setting up $(1), once" >&2; \
"$(PYTHON)" -m venv $(if $(3),--clear) $(1) && \
$(1)/bin/python $(LOCKED) --requirement $(2) && \
pwd -P > $(1)/place
endef
