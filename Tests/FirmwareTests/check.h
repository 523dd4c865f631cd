// SPDX-License-Identifier: Apache-2.0
//
// A test is a function that says a situation and an outcome; RUN prints its name if it fails.
#ifndef SHUNT_TEST_CHECK_H
#define SHUNT_TEST_CHECK_H

#include <stdbool.h>
#include <stdio.h>

static int failures;

/// Notes a failure and goes on.
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            failures++;                                                                            \
            fprintf(stderr, "%s:%d: in %s: not true: %s\n", __FILE__, __LINE__, __func__,          \
                    #condition);                                                                   \
        }                                                                                          \
    } while (0)

/// Runs one test.
#define RUN(test)                                                                                  \
    do {                                                                                           \
        const int before = failures;                                                               \
        test();                                                                                    \
        printf("%s %s\n", failures == before ? "ok    " : "FAILED", #test);                        \
    } while (0)

/// What main returns.
#define RESULT (failures == 0 ? 0 : 1)

#endif
