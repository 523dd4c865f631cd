// SPDX-License-Identifier: Apache-2.0
const char shunt_kernels_portable_placeholder;
