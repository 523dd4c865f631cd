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
    kernels/portable/add_s8.c
    kernels/portable/arg_max_s8.c
    kernels/portable/average_pool2d_s16.c
    kernels/portable/average_pool2d_s8.c
    kernels/portable/conv2d_s8.c
    kernels/portable/copy.c
    kernels/portable/cumsum_s8.c
    kernels/portable/depthwise_conv2d_s8.c
    kernels/portable/fixed_point.c
    kernels/portable/fully_connected_s8.c
    kernels/portable/kernels_portable.c
    kernels/portable/l2_normalization_s8.c
    kernels/portable/log_softmax_s8.c
    kernels/portable/max_pool2d_s16.c
    kernels/portable/max_pool2d_s8.c
    kernels/portable/pool2d.c
    kernels/portable/reduce_max_s8.c
    kernels/portable/reduce_sum_s16.c
    kernels/portable/reduce_sum_s8.c
    kernels/portable/reduction.c
    kernels/portable/requantize_s8.c
    kernels/portable/resize_bilinear_s8.c
    kernels/portable/softmax.c
    kernels/portable/softmax_s16.c
    kernels/portable/softmax_s8.c
    kernels/portable/softmax_s8_s16.c)
