# Short names for ./dev, the project's driver. `./dev help` lists its commands.
#
#   make demo     a commune on a local chain, with its node, until Ctrl-C
#   make web      the members' page, built into build/web
#   make test     the contract suite and the node's, on all processors
#   make check    format, lint and types
#   make bench    every benchmark; `make bench-NAME` for one
# NETWORK=anvil takes anvil instead of ganache.

PYTHON := $(shell command -v python3.11 || command -v python3)
ifdef NETWORK
export NETWORK
endif

.PHONY: help setup demo web screenshots test test-contracts test-node check format bench coverage lock clean

help:
	@$(PYTHON) dev help

setup demo web screenshots test check format bench coverage lock clean:
	@$(PYTHON) dev $@

test-contracts:
	@$(PYTHON) dev test contracts

test-node:
	@$(PYTHON) dev test node

bench-%:
	@$(PYTHON) dev bench $*
