// SPDX-License-Identifier: Apache-2.0
#include "test_port.h"

#include <string.h>

#include "shunt_port.h"

enum { ERASE_BYTES = 256, WRITE_BYTES = 8, STACK_BYTES = 65536 };

test_port_t test_port;

static _Alignas(16) uint8_t slots[TEST_SLOT_BYTES];
static uint8_t batch[TEST_BATCH_BYTES];

void test_port_restart(void) {
    const uint32_t resets = test_port.resets;
    memset(&test_port, 0, sizeof test_port);
    test_port.resets = resets;
}

void test_port_fill_flash(uint8_t byte) {
    memset(slots, byte, sizeof slots);
}

uint8_t *test_port_slots(void) {
    return slots;
}

static void note_traffic(void) {
    const bool idle =
        test_port.pin_writes == 0 || test_port.pins[(test_port.pin_writes - 1) % 64] == 0;
    test_port.sent_inside_window = test_port.sent_inside_window || !idle;
}

void shunt_port_init(void) {}

uint32_t shunt_port_boot_counter(void) {
    return test_port.resets;
}

uint64_t shunt_port_ticks(void) {
    test_port.ticks += TEST_TICKS_PER_READING;
    return test_port.ticks;
}

size_t shunt_port_uart_read(uint8_t *bytes, size_t capacity) {
    note_traffic();
    const size_t count = test_port.received_bytes < capacity ? test_port.received_bytes : capacity;
    if (count > 0) {
        memcpy(bytes, test_port.received, count);
    }
    test_port.received += count;
    test_port.received_bytes -= count;
    return count;
}

size_t shunt_port_uart_write(const uint8_t *bytes, size_t count) {
    note_traffic();
    if (test_port.host_is_deaf) {
        return 0;
    }
    size_t taken = count < 100 ? count : 100; // in pieces, as a UART does
    if (taken > sizeof test_port.sent - test_port.sent_bytes) {
        test_port.sent_bytes = 0; // nobody looks at so much
    }
    memcpy(test_port.sent + test_port.sent_bytes, bytes, taken);
    test_port.sent_bytes += taken;
    return taken;
}

bool shunt_port_uart_idle(void) {
    return true;
}

uint32_t shunt_port_uart_overruns(void) {
    return 0;
}

void shunt_port_wait(void) {}

void shunt_port_trigger_write(uint32_t pins) {
    test_port.pins[test_port.pin_writes++ % 64] = pins;
}

void shunt_port_interrupts_off(void) {
    test_port.interrupts_off = true;
}

void shunt_port_interrupts_on(void) {
    test_port.interrupts_off = false;
}

static bool flash_erase(void *context, uint32_t offset) {
    (void)context;
    memset(slots + offset, 0xFF, ERASE_BYTES);
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
    static const shunt_flash_t flash = {
        .base = slots,
        .address = 0x1000,
        .bytes = sizeof slots,
        .erase_bytes = ERASE_BYTES,
        .write_bytes = WRITE_BYTES,
        .erase = flash_erase,
        .write = flash_write,
    };
    return &flash;
}

uint8_t *shunt_port_batch(uint32_t *bytes, uint32_t *address) {
    *bytes = sizeof batch;
    *address = 0x2000;
    return batch;
}

_Noreturn void shunt_port_reset(void) {
    test_port.resets++;
    longjmp(test_port.on_reset, 1);
}

uint8_t *shunt_port_stack_low(void) {
    return shunt_port_stack_pointer() - STACK_BYTES;
}

__attribute__((noinline)) uint8_t *shunt_port_stack_pointer(void) {
    return (uint8_t *)((uintptr_t)__builtin_frame_address(0) & ~(uintptr_t)15);
}

uint32_t shunt_port_static_bytes(void) {
    return 0;
}
