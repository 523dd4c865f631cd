// SPDX-License-Identifier: MIT
//
// A QEMU plugin (TCG plugin API, version 1) that counts executed guest instructions by class and
// writes the counts whenever the guest enters one of a few functions.
//
//   qemu-system-arm ... -plugin libshunt-count.so,out=PATH,mark0=0x1c4,mark1=0x1c8,...
//
//   out=PATH     where records go: a file, which is replaced, or a FIFO, whose reader must be there
//                or come. A reader that goes away ends the records, never the guest.
//   flash=ORIGIN:BYTES             the memory that the caches stand in front of
//   icache=LINES:LINE_BYTES:WAYS   caches of the chip that the machine stands for: lines of flash
//   dcache=LINES:LINE_BYTES:WAYS   that instructions and loads miss are counted. Slows QEMU down.
//   markN=ADDR   entry of a function that announces event N, 0 <= N < 16; bit 0 (Thumb) is ignored.
//                Shunt's firmware: 0 shunt_trigger_idle, 1 shunt_trigger_inference,
//                2 shunt_trigger_between, 3 shunt_trigger_baseline, 4 shunt_trigger_step.
//
// A record, all fields little-endian (those of the host, which must be):
//
//   u32 tag        0x53480000 ("SH") | event: N of the mark, 0xfffe when the plugin starts (all
//   counts
//                  0), 0xffff when QEMU ends.
//   u32 counters   how many follow
//   u64 counter[]  since the start, in the order of shunt_counter_t (decode.h)
//
// The counts of a mark are those of the instructions executed before its function's first one. Each
// record is one write(2), at once. Sum of the classes = executed instructions, exactly: every
// instruction bumps a counter of its own, also under IT where its condition fails, and an access to
// a device that QEMU executes again after cutting its block is counted once. The events depend on
// the order of blocks: an interrupt between a conditional branch and its successor counts as a
// jump.
#include "cache.h"
#include "decode.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

// The part of the plugin interface that is used here, declared from its documentation.
typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t {
    const char *target_name;
    struct {
        int min;
        int cur;
    } version;
    bool system_emulation;
    struct {
        int smp_vcpus;
        int max_vcpus;
    } system;
} qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { QEMU_PLUGIN_CB_NO_REGS = 0, QEMU_PLUGIN_INLINE_ADD_U64 = 0, QEMU_PLUGIN_MEM_RW = 3 };
typedef uint32_t qemu_plugin_meminfo_t;
typedef void (*accessed_t)(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t address,
                           void *argument);
typedef void (*block_translated_t)(qemu_plugin_id_t id, struct qemu_plugin_tb *block);
typedef void (*executed_t)(unsigned int cpu, void *argument);
typedef void (*ended_t)(qemu_plugin_id_t id, void *argument);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, block_translated_t callback);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block, executed_t callback,
                                          int flags, void *argument);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, executed_t callback,
                                            int flags, void *argument);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int operation,
                                                void *counter, uint64_t immediate);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, ended_t callback, void *argument);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, accessed_t callback, int flags,
                                      int access, void *argument);
unsigned int qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv);

enum { MARKS = 16, MAX_CPUS = 64, EVENT_START = 0xfffe, EVENT_END = 0xffff };

#define RECORD_TAG 0x53480000u
#define NO_MARK UINT64_MAX

typedef struct record {
    uint32_t tag;
    uint32_t counters;
    uint64_t counter[SHUNT_COUNTER_COUNT];
} record_t;

static uint64_t counters[SHUNT_COUNTER_COUNT];
static uint64_t marks[MARKS];
static uint64_t fall_through[MAX_CPUS]; // behind the jump just executed; 0 if it was none
static bool is_a64;
static int out = -1;
static cache_t fetch_cache, data_cache;
static uint64_t flash_origin, flash_bytes;

static void write_record(uint32_t event) {
    record_t record = {.tag = RECORD_TAG | event, .counters = SHUNT_COUNTER_COUNT};
    memcpy(record.counter, counters, sizeof counters);
    const char *next = (const char *)&record;
    size_t left = sizeof record;
    while (out >= 0 && left > 0) {
        const ssize_t written = write(out, next, left);
        if (written > 0) {
            next += written;
            left -= (size_t)written;
        } else if (written < 0 && errno != EINTR) {
            fprintf(stderr, "shunt-count: cannot write records: %s; no more will come\n",
                    strerror(errno));
            close(out);
            out = -1;
        }
    }
}

static void on_mark(unsigned int cpu, void *argument) {
    (void)cpu;
    write_record((uint32_t)(uintptr_t)argument);
}

static void on_jump(unsigned int cpu, void *argument) {
    fall_through[cpu % MAX_CPUS] = (uint64_t)(uintptr_t)argument;
}

static void on_block(unsigned int cpu, void *argument) {
    uint64_t *expected = &fall_through[cpu % MAX_CPUS];
    if (*expected != 0 && *expected != (uint64_t)(uintptr_t)argument) {
        counters[SHUNT_EVENT_TAKEN]++;
    }
    *expected = 0;
}

static bool in_flash(uint64_t address) {
    return address - flash_origin < flash_bytes;
}

/// The bytes of a translated block; kept as long as QEMU runs.
typedef struct extent {
    uint64_t address;
    size_t bytes;
} extent_t;

static void on_fetch(unsigned int cpu, void *argument) {
    (void)cpu;
    const extent_t *extent = argument;
    counters[SHUNT_EVENT_FETCH_MISS] += cache_touch(&fetch_cache, extent->address, extent->bytes);
}

static void on_access(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t address,
                      void *argument) {
    (void)cpu;
    (void)argument;
    if (!qemu_plugin_mem_is_store(info) && in_flash(address)) {
        counters[SHUNT_EVENT_DATA_MISS] +=
            cache_touch(&data_cache, address, (size_t)1 << qemu_plugin_mem_size_shift(info));
    }
}

static shunt_instruction_t decode(const struct qemu_plugin_insn *insn) {
    const uint8_t *bytes = qemu_plugin_insn_data(insn);
    const uint16_t first = (uint16_t)(bytes[0] | bytes[1] << 8);
    uint16_t second = 0;
    if (qemu_plugin_insn_size(insn) >= 4) {
        second = (uint16_t)(bytes[2] | bytes[3] << 8);
    }
    return is_a64 ? shunt_decode_a64((uint32_t)second << 16 | first)
                  : shunt_decode_thumb(first, second);
}

static void add(struct qemu_plugin_insn *insn, int counter, uint64_t amount) {
    qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64, &counters[counter],
                                               amount);
}

static void instrument_marks(struct qemu_plugin_insn *insn, uint64_t address) {
    for (uintptr_t event = 0; event < MARKS; event++) {
        if (marks[event] == address) {
            // registered before the counters, so that the record does not hold this instruction
            qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, QEMU_PLUGIN_CB_NO_REGS,
                                                   (void *)event);
        }
    }
}

static void instrument_fetch(struct qemu_plugin_tb *block) {
    const uint64_t address = qemu_plugin_tb_vaddr(block);
    if (fetch_cache.lines == 0 || !in_flash(address)) {
        return;
    }
    struct qemu_plugin_insn *last =
        qemu_plugin_tb_get_insn(block, qemu_plugin_tb_n_insns(block) - 1);
    extent_t *extent = malloc(sizeof *extent);
    if (extent != NULL) {
        extent->address = address;
        extent->bytes = qemu_plugin_insn_vaddr(last) + qemu_plugin_insn_size(last) - address;
        qemu_plugin_register_vcpu_tb_exec_cb(block, on_fetch, QEMU_PLUGIN_CB_NO_REGS, extent);
    }
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_cb(block, on_block, QEMU_PLUGIN_CB_NO_REGS,
                                         (void *)(uintptr_t)qemu_plugin_tb_vaddr(block));
    instrument_fetch(block);
    shunt_instruction_t before;
    bool is_second = false; // `before` was issued together with its own predecessor
    const size_t count = qemu_plugin_tb_n_insns(block);
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
        const uint64_t address = qemu_plugin_insn_vaddr(insn);
        const shunt_instruction_t now = decode(insn);
        bool uses_load = false;
        const shunt_counter_t counter = shunt_pair(&now, i > 0 ? &before : NULL, &uses_load);
        instrument_marks(insn, address);
        add(insn, (int)counter, 1);
        if (uses_load) {
            add(insn, SHUNT_EVENT_LOAD_USE, 1);
        }
        is_second = is_a64 && i > 0 && !is_second && shunt_issues_together(&now, &before);
        if (is_second) {
            add(insn, SHUNT_EVENT_TOGETHER, 1);
        }
        if (now.words > 0) {
            add(insn, SHUNT_EVENT_WORDS, now.words);
        }
        if (data_cache.lines != 0) {
            // Asked for reads only, QEMU 7.2 reports stores, and no loads.
            qemu_plugin_register_vcpu_mem_cb(insn, on_access, QEMU_PLUGIN_CB_NO_REGS,
                                             QEMU_PLUGIN_MEM_RW, NULL);
        }
        if (now.jumps) {
            qemu_plugin_register_vcpu_insn_exec_cb(
                insn, on_jump, QEMU_PLUGIN_CB_NO_REGS,
                (void *)(uintptr_t)(address + qemu_plugin_insn_size(insn)));
        }
        before = now;
    }
}

static void on_end(qemu_plugin_id_t id, void *argument) {
    (void)id;
    (void)argument;
    write_record(EVENT_END);
}

static bool parse_mark(const char *text) {
    char *end = NULL;
    const unsigned long number = strtoul(text, &end, 10);
    if (end == text || *end != '=' || number >= MARKS) {
        return false;
    }
    const char *value = end + 1;
    errno = 0;
    const unsigned long long address = strtoull(value, &end, 0);
    if (end == value || *end != '\0' || errno != 0) {
        return false;
    }
    marks[number] = address & ~1ull;
    return true;
}

static bool parse_flash(const char *text) {
    unsigned long long origin, bytes;
    char rest;
    if (sscanf(text, "%lli:%lli%c", (long long *)&origin, (long long *)&bytes, &rest) != 2) {
        return false;
    }
    flash_origin = origin;
    flash_bytes = bytes;
    return true;
}

/// One argument but for the path; whether it is legal.
static bool parse(const char *text) {
    if (strncmp(text, "mark", 4) == 0) {
        return parse_mark(text + 4);
    }
    if (strncmp(text, "flash=", 6) == 0) {
        return parse_flash(text + 6);
    }
    if (strncmp(text, "icache=", 7) == 0) {
        return cache_parse(&fetch_cache, text + 7);
    }
    return strncmp(text, "dcache=", 7) == 0 && cache_parse(&data_cache, text + 7);
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
    const char *path = NULL;
    for (int i = 0; i < MARKS; i++) {
        marks[i] = NO_MARK;
    }
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "out=", 4) == 0) {
            path = argv[i] + 4;
        } else if (!parse(argv[i])) {
            fprintf(stderr,
                    "shunt-count: bad argument %s: expected out=PATH, markN=ADDR with N < %d, "
                    "flash=ORIGIN:BYTES, icache= or dcache=LINES:LINE_BYTES:WAYS\n",
                    argv[i], MARKS);
            return -1;
        }
    }
    if (path == NULL) {
        fprintf(stderr, "shunt-count: out=PATH is missing\n");
        return -1;
    }
    signal(SIGPIPE, SIG_IGN); // a vanished reader must not end QEMU
    out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (out < 0) {
        fprintf(stderr, "shunt-count: cannot open %s: %s\n", path, strerror(errno));
        return -1;
    }
    is_a64 = strcmp(info->target_name, "aarch64") == 0;
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    qemu_plugin_register_atexit_cb(id, on_end, NULL);
    write_record(EVENT_START);
    return 0;
}
