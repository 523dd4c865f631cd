# SPDX-License-Identifier: Apache-2.0
#
# The runtime's source files, relative to this folder. SwiftPM finds the same files by itself
# (Package.swift: CShuntRuntime, CShuntKernelsPortable); a test compares the two.

set(SHUNT_RUNTIME_SOURCES
    source/crc32.c
    source/kernel_checks.c
    source/open.c
    source/run.c
    source/sections.c
    source/status.c
    source/validate.c)

set(SHUNT_KERNELS_PORTABLE_SOURCES
    kernels/portable/accumulate.c
    kernels/portable/add_s16.c
    kernels/portable/add_s8.c
    kernels/portable/average_pool2d_s8.c
    kernels/portable/broadcast.c
    kernels/portable/cast.c
    kernels/portable/compare_s8.c
    kernels/portable/conv2d_s8.c
    kernels/portable/copy.c
    kernels/portable/depthwise_conv2d_s8.c
    kernels/portable/div_s8.c
    kernels/portable/extremum.c
    kernels/portable/fully_connected_s8.c
    kernels/portable/kernels_portable.c
    kernels/portable/lookup_s8.c
    kernels/portable/max_pool2d_s8.c
    kernels/portable/mul_s16.c
    kernels/portable/mul_s8.c
    kernels/portable/piecewise_s16.c
    kernels/portable/pool2d.c
    kernels/portable/prelu_s16.c
    kernels/portable/prelu_s8.c
    kernels/portable/product.c
    kernels/portable/requantize_mixed.c
    kernels/portable/requantize_s8.c
    kernels/portable/select.c
    kernels/portable/sigmoid_s16.c
    kernels/portable/softmax_s8.c
    kernels/portable/squared_difference_s16.c
    kernels/portable/squared_difference_s8.c
    kernels/portable/sub_s16.c
    kernels/portable/sub_s8.c
    kernels/portable/sum.c)
