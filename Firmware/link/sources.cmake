# SPDX-License-Identifier: Apache-2.0
#
# The link's source files, relative to this folder. SwiftPM finds the same files by itself
# (Package.swift: CShuntLink); a test compares the two.

set(SHUNT_LINK_SOURCES
    source/frame.c)
