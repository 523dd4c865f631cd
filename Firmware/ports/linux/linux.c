// SPDX-License-Identifier: Apache-2.0
//
// The agent as a Linux program:
//
//     shunt-agent.elf [--pty | --stdio | --port PATH | --listen [ADDRESS:]PORT] [--baud N]
//                     [--slots FILE] [--load ADDRESS FILE]... [--emulated]
//
// --pty (the default) opens a pseudo terminal and prints its name; --stdio speaks on standard input
// and output and ends with the input; --port is a terminal or a device (--baud is its speed, 115200
// unless set; a path alone means the same); --listen takes one TCP connection after the other, on
// the loopback interface unless an address is given. Model slots live in memory, or in FILE. --load
// puts a file into the slots or the batch region, at an address of the board file. --emulated says
// that time is not real.
//
// The agent is a child of the process that was started: it starts anew with its parent's untouched
// memory when it asks for a reset, and when it crashes. Line, slots and boot counter survive.
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "line.h"
#include "shunt_board.h"
#include "shunt_firmware.h"
#include "shunt_port.h"
#include "shunt_ram_flash.h"

enum {
    FLASH_ERASE_BYTES = 4096,
    FLASH_WRITE_BYTES = 8,
    EXIT_USAGE = 2,
    EXIT_FAILED = 3,
    EXIT_RESET = 100, // of the child that asks to be started anew
    CRASHES = 5,      // in a row, each within a second: then it is given up
    EMULATED_NS = 16  // that a reading of an emulated clock takes
};

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

static line_t line = {.kind = LINE_PTY, .baud = SHUNT_BAUD, .input = -1, .output = -1};
static const char *slots_path;
static uint8_t *slots, *batch;
static unsigned resets;
static bool is_emulated;
static uint8_t *stack_high;
static volatile uint32_t trigger_pins;

static _Noreturn void fail(const char *what, const char *name) {
    fprintf(stderr, "shunt-agent: %s %s: %s\n", what, name, strerror(errno));
    exit(EXIT_FAILED);
}

static _Noreturn void refuse(const char *problem, const char *word) {
    fprintf(stderr,
            "shunt-agent: %s %s\n"
            "usage: shunt-agent [--pty | --stdio | --port PATH | --listen [ADDRESS:]PORT] "
            "[--baud N] [--slots FILE] [--load ADDRESS FILE]... [--emulated]\n",
            problem, word);
    exit(EXIT_USAGE);
}

// MARK: memory

/// Maps `bytes` that child processes share, at `origin` unless that is 0.
static uint8_t *map(uintptr_t origin, size_t bytes, int file, const char *name) {
    const int flags =
        MAP_SHARED | (file < 0 ? MAP_ANONYMOUS : 0) | (origin != 0 ? MAP_FIXED_NOREPLACE : 0);
    void *memory = mmap((void *)origin, bytes, PROT_READ | PROT_WRITE, flags, file, 0);
    if (memory == MAP_FAILED || (origin != 0 && memory != (void *)origin)) {
        fail("cannot map", name);
    }
    return memory;
}

static void map_memory(void) {
    int file = -1;
    if (slots_path != NULL) {
        file = open(slots_path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (file < 0 || ftruncate(file, SHUNT_SLOT_BYTES) != 0) {
            fail("cannot open", slots_path);
        }
    }
    slots = map(SHUNT_SLOT_ORIGIN, SHUNT_SLOT_BYTES, file, "the slots");
    batch =
        map(SHUNT_BATCH_ORIGIN, SHUNT_BATCH_BYTES + 1u, -1, "the batch region"); // never of size 0
}

/// Whether `count` bytes at an address lie in a region.
static bool lies_in(uint64_t address, uint64_t count, uint64_t origin, uint64_t bytes) {
    return address >= origin && count <= bytes && address - origin <= bytes - count;
}

/// Where `count` bytes at an address of the board file are in this process; NULL if nowhere.
static uint8_t *place(uint64_t address, uint64_t count) {
    if (lies_in(address, count, SHUNT_SLOT_ORIGIN, SHUNT_SLOT_BYTES)) {
        return slots + (address - SHUNT_SLOT_ORIGIN);
    }
    if (lies_in(address, count, SHUNT_BATCH_ORIGIN, SHUNT_BATCH_BYTES)) {
        return batch + (address - SHUNT_BATCH_ORIGIN);
    }
    return NULL;
}

static void load(const char *address_text, const char *path) {
    char *end = NULL;
    errno = 0;
    const unsigned long long address = strtoull(address_text, &end, 0);
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        fail("cannot open", path);
    }
    const long count = ftell(file);
    uint8_t *to = *end == '\0' && errno == 0 && count >= 0 ? place(address, (uint64_t)count) : NULL;
    if (to == NULL) {
        refuse("neither slots nor batch region can hold the file at", address_text);
    }
    rewind(file);
    if (fread(to, 1, (size_t)count, file) != (size_t)count) {
        fail("cannot read", path);
    }
    fclose(file);
}

// MARK: start

static unsigned number(const char *text, unsigned most, const char *option) {
    char *end = NULL;
    errno = 0;
    const unsigned long value = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value == 0 || value > most) {
        refuse("not a number for", option);
    }
    return (unsigned)value;
}

/// Takes an option with one value.
static void take(const char *option, const char *value) {
    if (strcmp(option, "--port") == 0) {
        line.kind = LINE_DEVICE;
        line.path = value;
    } else if (strcmp(option, "--listen") == 0) {
        line.kind = LINE_TCP;
        line.path = value;
    } else if (strcmp(option, "--baud") == 0) {
        line.baud = number(value, 4000000, option);
    } else if (strcmp(option, "--slots") == 0) {
        slots_path = value;
    } else {
        refuse("unknown option", option);
    }
}

static void parse(int count, char **words) {
    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--pty") == 0) {
            line.kind = LINE_PTY;
        } else if (strcmp(words[i], "--stdio") == 0) {
            line.kind = LINE_STDIO;
        } else if (strcmp(words[i], "--emulated") == 0) {
            is_emulated = true;
        } else if (strcmp(words[i], "--load") == 0 && i + 2 < count) {
            i += 2; // when there is memory
        } else if (words[i][0] != '-') {
            take("--port", words[i]);
        } else if (i + 1 < count) {
            take(words[i], words[i + 1]);
            i++;
        } else {
            refuse("no value, or unknown option:", words[i]);
        }
    }
}

static void load_all(int count, char **words) {
    for (int i = 1; i + 2 < count; i++) {
        if (strcmp(words[i], "--load") == 0) {
            load(words[i + 1], words[i + 2]);
            i += 2;
        }
    }
}

/// The name that the kernel knows this program by is an emulator's own, unless it is told.
static bool runs_in_user_emulation(void) {
    char name[17] = "";
    prctl(PR_GET_NAME, name);
    return strncmp(name, "qemu-", 5) == 0;
}

/// Lets a child be the agent until it ends.
/// @return Its exit status; EXIT_RESET too if a signal ended it.
static int run_agent(void) {
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child < 0) {
        fail("cannot start", "the agent");
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) {
            _exit(0);
        }
        shunt_firmware_main();
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            fail("cannot wait for", "the agent");
        }
    }
    if (WIFSIGNALED(status)) {
        fprintf(stderr, "shunt-agent: ended by signal %d; starting anew\n", WTERMSIG(status));
        return EXIT_RESET;
    }
    return WEXITSTATUS(status);
}

int main(int count, char **words) {
    stack_high = __builtin_frame_address(0);
    parse(count, words);
    is_emulated = is_emulated || runs_in_user_emulation();
    if (!shunt_line_open(&line)) {
        fail("cannot open", line.path != NULL ? line.path : "a pseudo terminal");
    }
    map_memory();
    load_all(count, words);
    for (unsigned crashes = 0; crashes < CRASHES; resets++) {
        const time_t start = time(NULL);
        const int status = run_agent();
        if (status != EXIT_RESET) {
            return status;
        }
        crashes = time(NULL) - start > 1 ? 0 : crashes + 1;
    }
    fprintf(stderr, "shunt-agent: ended %d times in a row, each within a second\n", CRASHES);
    return EXIT_FAILED;
}

// MARK: port

void shunt_port_init(void) {}

uint32_t shunt_port_boot_counter(void) {
    return resets;
}

uint64_t shunt_port_ticks(void) {
    static uint64_t emulated;
    if (is_emulated) {
        emulated += EMULATED_NS;
        return emulated;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

bool shunt_port_ticks_are_emulated(void) {
    return is_emulated;
}

size_t shunt_port_uart_read(uint8_t *bytes, size_t capacity) {
    return shunt_line_read(&line, bytes, capacity);
}

size_t shunt_port_uart_write(const uint8_t *bytes, size_t count) {
    return shunt_line_write(&line, bytes, count);
}

bool shunt_port_uart_idle(void) {
    return true;
}

uint32_t shunt_port_uart_overruns(void) {
    return 0;
}

void shunt_port_wait(void) {
    shunt_line_wait(&line);
}

void shunt_port_trigger_write(uint32_t pins) {
    trigger_pins = pins;
}

void shunt_port_interrupts_off(void) {}

void shunt_port_interrupts_on(void) {}

static bool flash_erase(void *context, uint32_t offset) {
    (void)context;
    shunt_ram_flash_erase(slots + offset, FLASH_ERASE_BYTES);
    return true;
}

static bool flash_write(void *context, uint32_t offset, const uint8_t *bytes, uint32_t count) {
    (void)context;
    return shunt_ram_flash_write(slots + offset, bytes, count);
}

const shunt_flash_t *shunt_port_flash(void) {
    static shunt_flash_t flash;
    flash = (shunt_flash_t){
        .base = slots,
        .address = SHUNT_SLOT_ORIGIN,
        .bytes = SHUNT_SLOT_BYTES,
        .erase_bytes = FLASH_ERASE_BYTES,
        .write_bytes = FLASH_WRITE_BYTES,
        .erase = flash_erase,
        .write = flash_write,
    };
    return &flash;
}

uint8_t *shunt_port_batch(uint32_t *bytes, uint32_t *address) {
    *bytes = SHUNT_BATCH_BYTES;
    *address = SHUNT_BATCH_ORIGIN;
    return batch;
}

_Noreturn void shunt_port_reset(void) {
    _exit(EXIT_RESET);
}

uint8_t *shunt_port_stack_low(void) {
    const uintptr_t low = ((uintptr_t)stack_high - SHUNT_STACK_BYTES) & ~(uintptr_t)15;
    return (uint8_t *)low;
}

__attribute__((noinline)) uint8_t *shunt_port_stack_pointer(void) {
    return __builtin_frame_address(0);
}

uint32_t shunt_port_static_bytes(void) {
    return 0;
}
