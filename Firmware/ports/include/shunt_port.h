// SPDX-License-Identifier: Apache-2.0
//
// The port contract: what a board must offer to the agent. A port is a folder in Firmware/ports
// that implements every function below; `template` compiles as it is and is the place to start from
// (Docs/porting.md). Constants of the board come from the generated `shunt_board.h`.
//
// Everything here is called from one thread, never from an interrupt.
#ifndef SHUNT_PORT_H
#define SHUNT_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The region of flash that holds model slots, readable in place.
///
/// `erase` and `write` return when the flash has finished, and are never called with a range
/// outside the region.
typedef struct shunt_flash {
    const uint8_t *base; ///< First byte, SHUNT_BLOB_ALIGNMENT-aligned.
    uint32_t address;    ///< Of the first byte, for the host's loader; 0 if there is no such thing.
    uint32_t bytes;      ///< Size of the region.
    uint32_t erase_bytes; ///< Bytes that one erase clears; a power of two, at least 64.
    uint32_t write_bytes; ///< Bytes that one write programs; a power of two, at most 32.
    void *context;        ///< Handed to the functions.

    /// Erases one unit, after which it reads as 0xFF.
    /// @param offset Multiple of erase_bytes.
    /// @return false if the flash reports a failure.
    bool (*erase)(void *context, uint32_t offset);

    /// Programs erased bytes.
    /// @param offset Multiple of write_bytes.
    /// @param bytes  `count` bytes, anywhere in memory.
    /// @param count  Multiple of write_bytes.
    /// @return false if the flash reports a failure, or the bytes were not erased.
    bool (*write)(void *context, uint32_t offset, const uint8_t *bytes, uint32_t count);
} shunt_flash_t;

/// Brings up clock, UART, timer and trigger pins. Interrupts are off when it returns, unless the
/// port receives by interrupt.
void shunt_port_init(void);

/// Resets so far, counted in memory that survives them; 0 after power-on.
uint32_t shunt_port_boot_counter(void);

/// A clock that never runs backwards and needs no interrupt: SHUNT_TIMER_HZ ticks a second.
///
/// Differences are exact over any interval. Reading it costs a constant and small number of
/// instructions, since the agent does so beside every inference.
uint64_t shunt_port_ticks(void);

/// Whether those ticks follow executed instructions, or nothing, instead of real time. What they
/// say is then never called measured.
bool shunt_port_ticks_are_emulated(void);

/// Takes bytes that have arrived on the link, without waiting.
/// @param[out] bytes Room for `capacity` bytes.
/// @return Bytes taken, 0 if there are none.
size_t shunt_port_uart_read(uint8_t *bytes, size_t capacity);

/// Hands bytes to the link, without waiting.
/// @return Bytes accepted, 0 if the transmitter is busy.
size_t shunt_port_uart_write(const uint8_t *bytes, size_t count);

/// Whether every byte that shunt_port_uart_write accepted has left the board.
bool shunt_port_uart_idle(void);

/// Bytes lost since start because they arrived faster than they were read.
uint32_t shunt_port_uart_overruns(void);

/// Called when there is nothing to do: may sleep until a byte arrives, or return at once.
void shunt_port_wait(void);

/// Sets the trigger pins: bit 0 is pin 0, and so on. Pins that the board lacks are ignored.
void shunt_port_trigger_write(uint32_t pins);

/// Keeps interrupts from being taken. Calls do not nest.
void shunt_port_interrupts_off(void);

/// Undoes shunt_port_interrupts_off.
void shunt_port_interrupts_on(void);

/// The model slots' flash; its fields stay as they are until reset.
const shunt_flash_t *shunt_port_flash(void);

/// The batch region: RAM that a loader can fill with rows of inputs.
/// @param[out] bytes   Its size, 0 if the board has none.
/// @param[out] address Where a loader finds it; 0 if there is none.
uint8_t *shunt_port_batch(uint32_t *bytes, uint32_t *address);

/// Starts the board anew. Does not return.
_Noreturn void shunt_port_reset(void);

/// The lowest byte of the stack that the agent runs on (it grows downwards).
uint8_t *shunt_port_stack_low(void);

/// The caller's stack pointer.
uint8_t *shunt_port_stack_pointer(void);

/// Bytes of .data and .bss, without arena, staging buffer and stack; 0 if that is not known.
uint32_t shunt_port_static_bytes(void);

#ifdef __cplusplus
}
#endif
#endif
