// SPDX-License-Identifier: Apache-2.0
//
// From reset to main on any Cortex-M, and what the C library needs of a system: text to the
// debugger, memory for printf, an end. By Arm's semihosting.
#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>

int main(void);
_Noreturn void reset(void);

// From the linker script.
extern uint32_t data_start[], data_end[], bss_start[], bss_end[], stack_high[];
extern const uint32_t data_load[];
extern char heap_start[];

enum { SYS_WRITEC = 0x03, SYS_EXIT_EXTENDED = 0x20, STOPPED_APPLICATION_EXIT = 0x20026 };

static void semihost(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = argument;
    __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

int _write(int file, const char *text, int count);
int _write(int file, const char *text, int count) {
    (void)file;
    for (int i = 0; i < count; i++) {
        semihost(SYS_WRITEC, &text[i]);
    }
    return count;
}

_Noreturn void _exit(int status);
_Noreturn void _exit(int status) {
    const uint32_t block[2] = {STOPPED_APPLICATION_EXIT, (uint32_t)status};
    semihost(SYS_EXIT_EXTENDED, block);
    for (;;) {
    }
}

void *_sbrk(int increment);
void *_sbrk(int increment) {
    static char *end = heap_start;
    char *start = end;
    end += increment;
    return start;
}

int _close(int file);
int _close(int file) {
    (void)file;
    return -1;
}

int _fstat(int file, struct stat *status);
int _fstat(int file, struct stat *status) {
    (void)file;
    status->st_mode = S_IFCHR;
    return 0;
}

int _isatty(int file);
int _isatty(int file) {
    (void)file;
    return 1;
}

int _lseek(int file, int offset, int whence);
int _lseek(int file, int offset, int whence) {
    (void)file, (void)offset, (void)whence;
    return 0;
}

int _read(int file, char *text, int count);
int _read(int file, char *text, int count) {
    (void)file, (void)text, (void)count;
    return 0;
}

int _getpid(void);
int _getpid(void) {
    return 1;
}

int _kill(int process, int signal);
int _kill(int process, int signal) {
    (void)process, (void)signal;
    _exit(98);
}

static void on_fault(void) {
    _exit(99);
}

/// Not part of the reset handler: compilers may copy by vectors.
_Noreturn __attribute__((noinline)) static void start(void) {
    const uint32_t *from = data_load;
    for (uint32_t *to = data_start; to < data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = bss_start; to < bss_end; to++) {
        *to = 0;
    }
    _exit(main());
}

_Noreturn void reset(void) {
#if defined(__ARM_FEATURE_MVE)
    // Coprocessor access control register: the floating point unit and its vectors.
    *(volatile uint32_t *)0xE000ED88u |= 0x00F00000u;
    __asm volatile("dsb\n isb" ::: "memory");
#endif
    start();
}

typedef void (*vector_t)(void);

extern const struct vectors {
    void *stack;
    vector_t handlers[15]; // exceptions 1 ... 15
} vectors;
const struct vectors vectors __attribute__((section(".vectors"), used)) = {
    .stack = stack_high,
    .handlers = {reset, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
                 on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault},
};
