# SPDX-License-Identifier: Apache-2.0
#
# Two commands for everybody: make demo, make test. `make help` lists the rest.

SWIFT ?= swift
MODEL := Tools/demo-model/fashion_int8.tflite
SHUNT := .build/release/shunt
PLUGIN := Tools/qemu-plugin/build/libshunt-count.so

.PHONY: help setup build demo test test-full fuzz bench check format clean

## help: list the targets
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## setup: install what is missing (Debian packages)
setup:
	@Tools/setup.sh

## build: build the command (release)
build: setup
	@$(SWIFT) build -c release --product shunt

## demo: put the demo network on an emulated Cortex-M4 and report latency, memory and energy
demo: build
	@Tools/demo.sh $(SHUNT)

## test: run all tests (under 25 minutes on 2 cores)
test: setup
	@Tools/test.sh

## test-full: test, and what takes long: every row of every model over the wire
test-full: setup
	@SHUNT_TEST_FULL=1 Tools/test.sh

## fuzz: fuzz every parser 10^7 times, and drive the agent over bad lines for 10^6 frames (hours)
fuzz: setup
	@Tools/fuzz/run.sh long

## bench: print the performance figures against the recorded ones
bench: build
	@Tools/bench.sh $(SHUNT)

## check: formatting, lint, undeclared dependencies, public documentation, C warnings
check: setup
	@Tools/check.sh

## format: format all sources in place
format:
	@$(SWIFT) format -i -r Sources Tests Package.swift
	@find Firmware Tools Sources/CMatrixKernels -name '*.c' -o -name '*.h' | xargs clang-format -i

## clean: remove everything that was built
clean:
	@rm -rf .build .build-fuzz build Tools/qemu-plugin/build
