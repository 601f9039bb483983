// Helpers for the simulator's inner loops (tag compare, prefetch, spin-wait hint) and for starting threads and making
// them wait. PartialFiles.h has helpers for unfinished outputs.
#ifndef WEIR_CSUPPORT_H
#define WEIR_CSUPPORT_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "PartialFiles.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Index of the first of `count` tags that equals `tag`, or -1. `count` is 4, or a multiple of 16. In the second case
/// `tags` is 16-byte aligned.
static inline int32_t weir_find_tag(const uint32_t *tags, int32_t count, uint32_t tag) {
#if defined(__SSE2__)
    const __m128i wanted = _mm_set1_epi32((int)tag);
    if (count == 4) {
        __m128i equal = _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)tags), wanted);
        unsigned mask = (unsigned)_mm_movemask_ps(_mm_castsi128_ps(equal));
        return mask ? (int32_t)__builtin_ctz(mask) : -1;
    }
    for (int32_t base = 0; base < count; base += 16) {
        const __m128i *block = (const __m128i *)(tags + base);
        __m128i a = _mm_cmpeq_epi32(_mm_load_si128(block), wanted);
        __m128i b = _mm_cmpeq_epi32(_mm_load_si128(block + 1), wanted);
        __m128i c = _mm_cmpeq_epi32(_mm_load_si128(block + 2), wanted);
        __m128i d = _mm_cmpeq_epi32(_mm_load_si128(block + 3), wanted);
        __m128i packed = _mm_packs_epi16(_mm_packs_epi32(a, b), _mm_packs_epi32(c, d));
        unsigned mask = (unsigned)_mm_movemask_epi8(packed);
        if (mask) return base + (int32_t)__builtin_ctz(mask);
    }
    return -1;
#else
    for (int32_t index = 0; index < count; index++)
        if (tags[index] == tag) return index;
    return -1;
#endif
}

/// Makes way `way` the youngest of `count` ways. Every younger rank grows by one, and the way's own becomes 0.
static inline void weir_touch_rank(uint8_t *ranks, int32_t count, int32_t way) {
    const uint8_t old = ranks[way];
    if (old == 0) return;
    if (count == 4) {
        for (int32_t index = 0; index < 4; index++) ranks[index] += ranks[index] < old;
        ranks[way] = 0;
        return;
    }
    for (int32_t index = 0; index < count; index++) ranks[index] += ranks[index] < old;
    ranks[way] = 0;
}

/// Index of the first of `count` bytes that equals `value`, or -1.
static inline int32_t weir_find_byte(const uint8_t *bytes, int32_t count, uint8_t value) {
    for (int32_t index = 0; index < count; index++)
        if (bytes[index] == value) return index;
    return -1;
}

/// Index of the byte with the highest rank among those with a nonzero mark, or -1 where no mark is nonzero.
static inline int32_t weir_oldest_marked(const uint8_t *ranks, const uint8_t *marks, int32_t count) {
    uint8_t highest = 0;
    for (int32_t index = 0; index < count; index++) {
        const uint8_t value = marks[index] ? (uint8_t)(ranks[index] + 1) : 0;
        highest = value > highest ? value : highest;
    }
    if (!highest) return -1;
    return weir_find_byte(ranks, count, (uint8_t)(highest - 1));
}

/// Hints that the cache line at `address` is about to be read and written.
static inline void weir_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }

/// Tells the core that the thread is spinning.
static inline void weir_pause(void) {
#if defined(__SSE2__)
    _mm_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Starts a thread. Its stack has at least `stack_bytes`, or the system's default length where that is 0. Returns 0, or
/// the error number where the system gives no thread.
int weir_thread_start(pthread_t *thread, size_t stack_bytes, void *(*body)(void *), void *context);

/// For tests. Of the threads that the calling thread starts from now on, the first `count` start, and the others fail
/// with EAGAIN. A negative `count` lets all start again.
void weir_thread_limit(int count);

/// A number that only grows, and at which one thread can wait until it has grown.
typedef struct weir_gate weir_gate;

/// Makes a gate whose number is 0. Returns NULL where there is no memory for one.
weir_gate *weir_gate_create(void);
void weir_gate_destroy(weir_gate *gate);

/// The number. The caller sees everything that was written before it was posted.
intptr_t weir_gate_value(const weir_gate *gate);

/// Sets the number to `value` and wakes the thread that sleeps here, if one does.
void weir_gate_post(weir_gate *gate, intptr_t value);

/// Returns once the number is `wanted` or more. The call spins for some microseconds, then it sleeps. One thread at a
/// time may wait.
void weir_gate_wait(weir_gate *gate, intptr_t wanted);

#endif
