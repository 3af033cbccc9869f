# Short names for ./dev, the project's driver.
PYTHON := $(shell command -v python3.11 || command -v python3)

.PHONY: setup
setup:
	@$(PYTHON) dev setup
