# `make lab` opens the course and `make test` tests it; the other targets are for authors.
# Without make (Windows, conda): README.md has the plain commands.

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do command -v $$name 2>/dev/null && break; done)
SCRIPTS := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
LEARNER := .venv/$(SCRIPTS)/python
AUTHOR := .venv-authors/$(SCRIPTS)
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q

.PHONY: help lab test test-all preflight handout offline-bundle check format pairs execute hooks lock clean setup authors \
	browser-test hub-test hub-load site site-check site-setup hub-setup

help:
	@echo "make lab             open the course in JupyterLab"
	@echo "make test            run every test, doctest and notebook (ROOM=training for the tests of one room)"
	@echo "make test-all        run the tests that make test leaves out, because they take minutes"
	@echo "make preflight       tell whether this machine is ready"
	@echo "make handout         write handout.zip for a class: the course without solutions"
	@echo "make offline-bundle  write a zip for a room without a network: course, packages, weights"
	@echo "For authors:"
	@echo "make check           lint, format, workflows, notebook pairs and size of a clone, without changing anything"
	@echo "make format          put the code into its format"
	@echo "make pairs           write the notebooks from notebooks/src; unchanged cells keep their outputs"
	@echo "make execute         run the notebooks in place, for their stored outputs (NB='03 05' for some)"
	@echo "make hooks           let git run 'make check' before each commit"
	@echo "make lock            choose the packages anew from pyproject.toml (needs uv)"
	@echo "make browser-test    run every notebook in Chromium, move its controls, keep screenshots"
	@echo "make site            build the reading site into site/_build/html"
	@echo "make site-check      open every page of the site in Chromium, follow its links, keep pictures"
	@echo "make hub-test        start JupyterHub here and let simulated learners work on it"
	@echo "make hub-load        find out how many learners this machine holds"
	@echo "make clean           remove caches (the environments stay: .venv, .venv-authors)"

lab: setup
	$(LEARNER) -m course_utils.commands.lab $(ARGS)

test test-all: setup
	$(if $(wildcard tests),,$(error expected the folder "tests", which a handout does not hold: clone the course to test it))
	$(LEARNER) -m pytest $(if $(ROOM),tests/$(ROOM)) $(if $(filter test-all,$@),--long) $(ARGS)

preflight: setup
	$(LEARNER) -m course_utils.commands.preflight

handout: setup
	$(LEARNER) -m course_utils.commands.handout $(ARGS)

offline-bundle: setup
	$(LEARNER) -m course_utils.commands.bundle $(ARGS)

check: authors
	$(AUTHOR)/ruff check
	$(AUTHOR)/ruff format --check
	$(AUTHOR)/python -m course_utils.commands.pairs check
	$(AUTHOR)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(AUTHOR)/zizmor --offline --quiet .github
	$(AUTHOR)/python -m course_utils.commands.clone_size
	$(AUTHOR)/python -m unittest discover -q -s tests -p 'check_*.py'
	$(AUTHOR)/python -m unittest discover -q -s tests/studies -p 'check_*.py'

format: authors
	$(AUTHOR)/ruff check --fix
	$(AUTHOR)/ruff format

pairs: authors
	$(AUTHOR)/python -m course_utils.commands.pairs update $(NB)

execute: setup
	$(LEARNER) -m course_utils.commands.pairs execute $(NB)

browser-test: setup authors
	$(AUTHOR)/python -m unittest discover -s tests/browser -p 'browser_*.py' -v $(ARGS)

site: site-setup
	.venv-site/$(SCRIPTS)/python site/build.py

site-check: authors
	$(AUTHOR)/python site/check.py

hub-test: hub-setup
	.venv-hub/$(SCRIPTS)/python -m pytest hub --numprocesses=0 $(ARGS)

hub-load: hub-setup
	.venv-hub/$(SCRIPTS)/python -m hub.load $(ARGS)

hooks: authors
	$(AUTHOR)/pre-commit install

lock:
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) --group pyproject.toml:authors -c requirements.txt -o requirements-authors.txt
	$(COMPILE) --group pyproject.toml:site -o site/requirements.txt
	$(COMPILE) pyproject.toml --group pyproject.toml:hub -c requirements.txt -o hub/requirements.txt

clean:
	rm -rf .pytest_cache .ruff_cache site/_build
	find course_utils tests notebooks -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

# Run by path and with -I: whatever Python this is, it reads nothing of the course but this one file.
setup authors site-setup hub-setup:
	@$(if $(PYTHON),,$(error expected Python 3.11, 3.12 or 3.13, received none: install one (python.org and most package managers have them), then run the same command again))
	@$(PYTHON) -I course_utils/commands/setup.py $(or $(filter authors,$@),$(filter site hub,$(@:-setup=)),learners)
