// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE

#include "line.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

static const struct {
    unsigned baud;
    speed_t speed;
} speeds[] = {{9600, B9600},       {19200, B19200},     {38400, B38400},     {57600, B57600},
              {115200, B115200},   {230400, B230400},   {460800, B460800},   {500000, B500000},
              {921600, B921600},   {1000000, B1000000}, {1500000, B1500000}, {2000000, B2000000},
              {3000000, B3000000}, {4000000, B4000000}};

static bool set_speed(struct termios *settings, unsigned baud) {
    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
        if (speeds[i].baud == baud) {
            return cfsetispeed(settings, speeds[i].speed) == 0 &&
                   cfsetospeed(settings, speeds[i].speed) == 0;
        }
    }
    errno = EINVAL;
    return false;
}

/// @return true for what is no terminal, too: it needs nothing.
static bool make_raw(int file, unsigned baud) {
    struct termios settings;
    if (tcgetattr(file, &settings) != 0) {
        return true;
    }
    cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    return set_speed(&settings, baud) && tcsetattr(file, TCSANOW, &settings) == 0;
}

static bool open_pty(line_t *line) {
    line->input = line->output = posix_openpt(O_RDWR | O_NOCTTY);
    if (line->input < 0 || grantpt(line->input) != 0 || unlockpt(line->input) != 0) {
        return false;
    }
    // Held open on both sides: the line stays up while no host is there.
    const char *name = ptsname(line->input);
    const int slave = open(name, O_RDWR | O_NOCTTY);
    if (slave < 0 || !make_raw(slave, line->baud)) {
        return false;
    }
    printf("%s\n", name);
    fflush(stdout);
    return true;
}

static bool open_device(line_t *line) {
    line->input = line->output = open(line->path, O_RDWR | O_NOCTTY);
    return line->input >= 0 && make_raw(line->input, line->baud);
}

static void say_address(int listener) {
    struct sockaddr_in address;
    socklen_t bytes = sizeof address;
    char host[INET_ADDRSTRLEN];
    if (getsockname(listener, (struct sockaddr *)&address, &bytes) == 0 &&
        inet_ntop(AF_INET, &address.sin_addr, host, sizeof host) != NULL) {
        printf("%s:%u\n", host, ntohs(address.sin_port));
        fflush(stdout);
    }
}

/// Reads [address:]port, the address of the loopback interface unless given; port 0 is any.
static bool parse_address(const char *text, struct sockaddr_in *address) {
    char host[INET_ADDRSTRLEN] = "127.0.0.1";
    const char *colon = strrchr(text, ':');
    const char *port = colon != NULL ? colon + 1 : text;
    if (colon != NULL) {
        const size_t length = (size_t)(colon - text);
        if (length >= sizeof host) {
            return false;
        }
        memcpy(host, text, length);
        host[length] = '\0';
    }
    char *end = NULL;
    const unsigned long number = strtoul(port, &end, 10);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)number)};
    return end != port && *end == '\0' && number <= UINT16_MAX &&
           inet_pton(AF_INET, host, &address->sin_addr) == 1;
}

static bool open_listener(line_t *line) {
    struct sockaddr_in address;
    if (!parse_address(line->path, &address)) {
        errno = EINVAL;
        return false;
    }
    const int one = 1;
    line->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (line->listener < 0 ||
        setsockopt(line->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        bind(line->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(line->listener, 1) != 0) {
        return false;
    }
    say_address(line->listener);
    return true;
}

static void make_nonblocking(int file) {
    fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_NONBLOCK);
}

static bool is_connected(const line_t *line) {
    return line->input >= 0;
}

static void connect_next(line_t *line) {
    const int connection = accept(line->listener, NULL, NULL);
    if (connection >= 0) {
        const int one = 1;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        make_nonblocking(connection);
        line->input = line->output = connection;
    }
}

/// The far end is gone: for good, unless others can connect.
static void hang_up(line_t *line) {
    if (line->kind != LINE_TCP) {
        exit(0);
    }
    close(line->input);
    line->input = line->output = -1;
}

bool shunt_line_open(line_t *line) {
    switch (line->kind) {
    case LINE_TCP:
        line->input = line->output = -1;
        return open_listener(line);
    case LINE_STDIO:
        line->input = STDIN_FILENO;
        line->output = STDOUT_FILENO;
        break;
    case LINE_DEVICE:
        if (!open_device(line)) {
            return false;
        }
        break;
    default:
        if (!open_pty(line)) {
            return false;
        }
        break;
    }
    make_nonblocking(line->input);
    make_nonblocking(line->output);
    return true;
}

size_t shunt_line_read(line_t *line, uint8_t *bytes, size_t capacity) {
    if (!is_connected(line)) {
        return 0;
    }
    const ssize_t count = read(line->input, bytes, capacity);
    if (count == 0 || (count < 0 && errno == ECONNRESET)) {
        hang_up(line);
    }
    return count > 0 ? (size_t)count : 0;
}

size_t shunt_line_write(line_t *line, const uint8_t *bytes, size_t count) {
    if (!is_connected(line)) {
        return count;
    }
    const ssize_t written = line->kind == LINE_TCP ? send(line->output, bytes, count, MSG_NOSIGNAL)
                                                   : write(line->output, bytes, count);
    if (written < 0 && (errno == EPIPE || errno == ECONNRESET)) {
        hang_up(line);
    }
    return written > 0 ? (size_t)written : 0;
}

void shunt_line_wait(line_t *line) {
    const bool connected = is_connected(line);
    struct pollfd event = {.fd = connected ? line->input : line->listener, .events = POLLIN};
    poll(&event, 1, -1);
    if (!connected) {
        connect_next(line);
    } else if ((event.revents & (POLLHUP | POLLERR)) != 0 && (event.revents & POLLIN) == 0) {
        hang_up(line);
    }
}
