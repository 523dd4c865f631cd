# SPDX-License-Identifier: Apache-2.0
#
# The agent's source files, relative to this folder. main.c stands apart: tests link the others alone.

set(SHUNT_AGENT_SOURCES
    source/agent.c
    source/commands_link.c
    source/commands_model.c
    source/commands_run.c
    source/commands_slot.c
    source/payload.c
    source/slots.c
    source/stack.c)
