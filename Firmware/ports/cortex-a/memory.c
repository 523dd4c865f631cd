// SPDX-License-Identifier: Apache-2.0
//
// The library functions that the firmware uses, or a compiler of its own accord. Bare metal has no
// C library: the cross compiler of Debian comes with that of Linux. Unaligned accesses are allowed,
// since the MMU is on; built with -ffreestanding, so that none of them becomes a call of itself.
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);
int memcmp(const void *a, const void *b, size_t count);
size_t strlen(const char *text);

// Two registers, moved by one LDP and one STP.
typedef struct chunk {
    uint64_t low, high;
} __attribute__((packed, may_alias)) chunk_t;

/// Copies in ascending order, each chunk read before it is overwritten.
static void copy_up(uint8_t *out, const uint8_t *in, size_t count) {
    for (; count >= sizeof(chunk_t); count -= sizeof(chunk_t)) {
        *(chunk_t *)(void *)out = *(const chunk_t *)(const void *)in;
        out += sizeof(chunk_t);
        in += sizeof(chunk_t);
    }
    for (; count > 0; count--) {
        *out++ = *in++;
    }
}

static void copy_down(uint8_t *out, const uint8_t *in, size_t count) {
    for (; count >= sizeof(chunk_t); count -= sizeof(chunk_t)) {
        const size_t at = count - sizeof(chunk_t);
        *(chunk_t *)(void *)(out + at) = *(const chunk_t *)(const void *)(in + at);
    }
    for (; count > 0; count--) {
        out[count - 1] = in[count - 1];
    }
}

void *memcpy(void *restrict to, const void *restrict from, size_t count) {
    copy_up(to, from, count);
    return to;
}

void *memmove(void *to, const void *from, size_t count) {
    if ((uintptr_t)to - (uintptr_t)from >= count) { // before `from`, or behind its end
        copy_up(to, from, count);
    } else {
        copy_down(to, from, count);
    }
    return to;
}

void *memset(void *to, int value, size_t count) {
    uint8_t *out = to;
    const uint64_t bytes = UINT64_C(0x0101010101010101) * (uint8_t)value;
    for (; count >= sizeof(chunk_t); count -= sizeof(chunk_t)) {
        *(chunk_t *)(void *)out = (chunk_t){bytes, bytes};
        out += sizeof(chunk_t);
    }
    for (; count > 0; count--) {
        *out++ = (uint8_t)value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t count) {
    const uint8_t *left = a, *right = b;
    for (size_t i = 0; i < count; i++) {
        if (left[i] != right[i]) {
            return left[i] < right[i] ? -1 : 1;
        }
    }
    return 0;
}

size_t strlen(const char *text) {
    size_t count = 0;
    while (text[count] != '\0') {
        count++;
    }
    return count;
}
