// SPDX-License-Identifier: Apache-2.0
//
// The agent as a Linux program:
//
//     shunt-agent.elf [--pty | --stdio | PATH] [--slots FILE]
//
// --pty (the default) opens a pseudo terminal and prints its name; --stdio speaks on standard input
// and output and ends with the input; PATH is a terminal or a device. Model slots live in memory,
// or in FILE. A reset executes the program again; the line, slots in memory and the boot counter
// survive it.
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "shunt_board.h"
#include "shunt_firmware.h"
#include "shunt_port.h"

enum { FLASH_ERASE_BYTES = 4096, FLASH_WRITE_BYTES = 8 };

// What a reset hands on, as "input output slots resets".
static const char state_variable[] = "SHUNT_AGENT_STATE";

static char **arguments;
static int input = -1, output = -1, slots_file = -1;
static unsigned resets;
static uint8_t *slots;
static uint8_t *stack_high;
static uint8_t batch[SHUNT_BATCH_BYTES + 1u]; // never of size 0
static volatile uint32_t trigger_pins;

static _Noreturn void fail(const char *what, const char *name) {
    fprintf(stderr, "shunt-agent: %s %s: %s\n", what, name, strerror(errno));
    exit(3);
}

static void make_raw(int file) {
    struct termios settings;
    if (tcgetattr(file, &settings) == 0) {
        cfmakeraw(&settings);
        tcsetattr(file, TCSANOW, &settings);
    }
}

static void open_pty(void) {
    input = posix_openpt(O_RDWR | O_NOCTTY);
    if (input < 0 || grantpt(input) != 0 || unlockpt(input) != 0) {
        fail("cannot open", "a pseudo terminal");
    }
    output = input;
    // Held open on both sides: the line stays up while no host is there.
    const char *name = ptsname(input);
    const int slave = open(name, O_RDWR | O_NOCTTY);
    if (slave < 0) {
        fail("cannot open", name);
    }
    make_raw(slave);
    printf("%s\n", name);
    fflush(stdout);
}

static void open_line(const char *path) {
    if (strcmp(path, "--stdio") == 0) {
        input = STDIN_FILENO;
        output = STDOUT_FILENO;
    } else if (strcmp(path, "--pty") == 0) {
        open_pty();
    } else {
        input = output = open(path, O_RDWR | O_NOCTTY);
        if (input < 0) {
            fail("cannot open", path);
        }
        make_raw(input);
    }
}

static void open_slots(const char *path) {
    slots_file = path != NULL ? open(path, O_RDWR | O_CREAT, 0666) : memfd_create("slots", 0);
    if (slots_file < 0 || ftruncate(slots_file, SHUNT_SLOT_BYTES) != 0) {
        fail("cannot open", path != NULL ? path : "memory for slots");
    }
}

static void open_all(int count, char **words) {
    const char *line = "--pty", *slots_path = NULL;
    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--slots") == 0 && i + 1 < count) {
            slots_path = words[++i];
        } else {
            line = words[i];
        }
    }
    open_line(line);
    open_slots(slots_path);
}

int main(int count, char **words) {
    arguments = words;
    stack_high = __builtin_frame_address(0);
    const char *state = getenv(state_variable);
    if (state == NULL || sscanf(state, "%d %d %d %u", &input, &output, &slots_file, &resets) != 4) {
        open_all(count, words);
    }
    slots = mmap(NULL, SHUNT_SLOT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, slots_file, 0);
    if (slots == MAP_FAILED) {
        fail("cannot map", "the slots");
    }
    shunt_firmware_main();
}

void shunt_port_init(void) {
    fcntl(input, F_SETFL, fcntl(input, F_GETFL) | O_NONBLOCK);
    fcntl(output, F_SETFL, fcntl(output, F_GETFL) | O_NONBLOCK);
}

uint32_t shunt_port_boot_counter(void) {
    return resets;
}

uint64_t shunt_port_ticks(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

size_t shunt_port_uart_read(uint8_t *bytes, size_t capacity) {
    const ssize_t count = read(input, bytes, capacity);
    if (count == 0) {
        exit(0); // the host closed the line for good
    }
    return count > 0 ? (size_t)count : 0;
}

size_t shunt_port_uart_write(const uint8_t *bytes, size_t count) {
    const ssize_t written = write(output, bytes, count);
    if (written < 0 && errno == EPIPE) {
        exit(0);
    }
    return written > 0 ? (size_t)written : 0;
}

bool shunt_port_uart_idle(void) {
    return true;
}

uint32_t shunt_port_uart_overruns(void) {
    return 0;
}

void shunt_port_wait(void) {
    struct pollfd line = {.fd = input, .events = POLLIN};
    poll(&line, 1, -1);
    if ((line.revents & (POLLHUP | POLLERR)) != 0 && (line.revents & POLLIN) == 0) {
        exit(0);
    }
}

void shunt_port_trigger_write(uint32_t pins) {
    trigger_pins = pins;
}

void shunt_port_interrupts_off(void) {}

void shunt_port_interrupts_on(void) {}

static bool flash_erase(void *context, uint32_t offset) {
    (void)context;
    memset(slots + offset, 0xFF, FLASH_ERASE_BYTES);
    return true;
}

static bool flash_write(void *context, uint32_t offset, const uint8_t *bytes, uint32_t count) {
    (void)context;
    for (uint32_t i = 0; i < count; i++) {
        if (slots[offset + i] != 0xFF) {
            return false;
        }
    }
    memcpy(slots + offset, bytes, count);
    return true;
}

const shunt_flash_t *shunt_port_flash(void) {
    static shunt_flash_t flash;
    flash = (shunt_flash_t){
        .base = slots,
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
    *address = 0;
    return batch;
}

_Noreturn void shunt_port_reset(void) {
    char state[64];
    snprintf(state, sizeof state, "%d %d %d %u", input, output, slots_file, resets + 1);
    setenv(state_variable, state, 1);
    execv("/proc/self/exe", arguments);
    fail("cannot execute", arguments[0]);
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
