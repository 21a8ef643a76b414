# Each target is one command of dev/; the state of all lives under .dev/.
SHELL := /bin/bash
.PHONY: help setup demo test bench stop clean

help:
	@echo "make demo    Odoo with demo data, scored by the worker; prints the address and the login"
	@echo "make test    everything: lint, worker, addon, browser tours, live integration"
	@echo "make bench   the benchmarks, with a table of ratios"
	@echo "make stop    end the servers of this checkout"
	@echo "make clean   also remove what was set up"

setup:
	@dev/setup

demo:
	@dev/setup
	@dev/run demo

test:
	@dev/setup --browser
	@dev/run test

bench:
	@dev/setup
	@benchmarks/run
	@benchmarks/run install
	@benchmarks/run figures

stop:
	@dev/run stop

clean:
	@dev/run clean
