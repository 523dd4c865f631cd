// SPDX-License-Identifier: Apache-2.0
//
// Lets a PTY pass for a serial port in tests: answers the ioctls for modem lines, which PTYs do not
// have, and passes the other ioctls of terminals straight to the kernel, where umockdev would
// refuse them for a device that it made up. Loaded with LD_PRELOAD in front of umockdev's own
// library. The modem lines that were set are appended to the file that SHUNT_TTY_SHIM_LOG names.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TERMINAL_IOCTLS = 0x54 }; // 'T', the type of all of them

static int modem_lines = TIOCM_CTS | TIOCM_DSR | TIOCM_CAR;

static void log_lines(void) {
    const char *path = getenv("SHUNT_TTY_SHIM_LOG");
    const int log = path == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (log >= 0) {
        dprintf(log, "DTR=%d RTS=%d\n", (modem_lines & TIOCM_DTR) != 0,
                (modem_lines & TIOCM_RTS) != 0);
        close(log);
    }
}

static int answer(unsigned long request, int *lines) {
    switch (request) {
    case TIOCMGET:
        *lines = modem_lines;
        return 0;
    case TIOCMSET:
        modem_lines = *lines;
        break;
    case TIOCMBIS:
        modem_lines |= *lines;
        break;
    default:
        modem_lines &= ~*lines;
        break;
    }
    log_lines();
    return 0;
}

int ioctl(int descriptor, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    switch (request) {
    case TIOCMGET:
    case TIOCMSET:
    case TIOCMBIS:
    case TIOCMBIC:
        return answer(request, argument);
    default:
        break;
    }
    if ((request >> 8 & 0xFF) == TERMINAL_IOCTLS && isatty(descriptor)) {
        return (int)syscall(SYS_ioctl, descriptor, request, argument);
    }
    int (*next)(int, unsigned long, ...) =
        (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
    return next(descriptor, request, argument);
}
