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

/// Makes way `way` the youngest of `count` ways. Every younger rank grows by one, and the way's own becomes 0. Ranks are
/// below 128. `count` is 4, or a multiple of 16; in the second case `ranks` is 16-byte aligned.
static inline void weir_touch_rank(uint8_t *ranks, int32_t count, int32_t way) {
    const uint8_t old = ranks[way];
    if (old == 0) return;
    if (count == 4) {
        for (int32_t index = 0; index < 4; index++) ranks[index] += ranks[index] < old;
        ranks[way] = 0;
        return;
    }
#if defined(__SSE2__)
    const __m128i limit = _mm_set1_epi8((char)old);
    for (int32_t base = 0; base < count; base += 16) {
        __m128i *block = (__m128i *)(ranks + base);
        const __m128i here = _mm_load_si128(block);
        _mm_store_si128(block, _mm_sub_epi8(here, _mm_cmplt_epi8(here, limit)));
    }
#else
    for (int32_t index = 0; index < count; index++) ranks[index] += ranks[index] < old;
#endif
    ranks[way] = 0;
}

/// Moves way `way` to rank `rank`. The ranks between its old and its new one move by one.
static inline void weir_move_rank(uint8_t *ranks, int32_t count, int32_t way, uint8_t rank) {
    const uint8_t old = ranks[way];
    for (int32_t index = 0; index < count; index++) {
        const uint8_t here = ranks[index];
        ranks[index] = (uint8_t)(here + ((here < old) & (here >= rank)) - ((here > old) & (here <= rank)));
    }
    ranks[way] = rank;
}

/// Index of the first of `count` bytes that equals `value`, or -1. `count` is 4, or a multiple of 16; in the second case
/// `bytes` is 16-byte aligned.
static inline int32_t weir_find_byte(const uint8_t *bytes, int32_t count, uint8_t value) {
#if defined(__SSE2__)
    if (count != 4) {
        const __m128i wanted = _mm_set1_epi8((char)value);
        for (int32_t base = 0; base < count; base += 16) {
            const __m128i here = _mm_load_si128((const __m128i *)(bytes + base));
            const unsigned mask = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(here, wanted));
            if (mask) return base + (int32_t)__builtin_ctz(mask);
        }
        return -1;
    }
#endif
    for (int32_t index = 0; index < count; index++)
        if (bytes[index] == value) return index;
    return -1;
}

/// Index of the byte with the highest rank among those with a nonzero mark, or -1 where no mark is nonzero. `count` is
/// 4, or a multiple of 16; in the second case both are 16-byte aligned.
static inline int32_t weir_oldest_marked(const uint8_t *ranks, const uint8_t *marks, int32_t count) {
    uint8_t highest = 0;
#if defined(__SSE2__)
    if (count != 4) {
        const __m128i zero = _mm_setzero_si128();
        __m128i most = zero;
        for (int32_t base = 0; base < count; base += 16) {
            const __m128i unmarked = _mm_cmpeq_epi8(_mm_load_si128((const __m128i *)(marks + base)), zero);
            const __m128i above = _mm_add_epi8(_mm_load_si128((const __m128i *)(ranks + base)), _mm_set1_epi8(1));
            most = _mm_max_epu8(most, _mm_andnot_si128(unmarked, above));
        }
        most = _mm_max_epu8(most, _mm_srli_si128(most, 8));
        most = _mm_max_epu8(most, _mm_srli_si128(most, 4));
        most = _mm_max_epu8(most, _mm_srli_si128(most, 2));
        most = _mm_max_epu8(most, _mm_srli_si128(most, 1));
        highest = (uint8_t)_mm_cvtsi128_si32(most);
        return highest ? weir_find_byte(ranks, count, (uint8_t)(highest - 1)) : -1;
    }
#endif
    for (int32_t index = 0; index < count; index++) {
        const uint8_t value = marks[index] ? (uint8_t)(ranks[index] + 1) : 0;
        highest = value > highest ? value : highest;
    }
    return highest ? weir_find_byte(ranks, count, (uint8_t)(highest - 1)) : -1;
}

/// The number of `count` bytes that are not zero. `count` is 4, or a multiple of 16; in the second case `bytes` is
/// 16-byte aligned.
static inline int32_t weir_count_marked(const uint8_t *bytes, int32_t count) {
#if defined(__SSE2__)
    if (count != 4) {
        int32_t marked = 0;
        for (int32_t base = 0; base < count; base += 16) {
            const __m128i here = _mm_load_si128((const __m128i *)(bytes + base));
            const unsigned zeros = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(here, _mm_setzero_si128()));
            marked += 16 - __builtin_popcount(zeros);
        }
        return marked;
    }
#endif
    int32_t marked = 0;
    for (int32_t index = 0; index < count; index++) marked += bytes[index] != 0;
    return marked;
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

/// Memory of `bytes`, aligned to 128 bytes, or NULL. Large memory lies in huge pages where the system gives them, since
/// lookups in it jump anywhere. `weir_free` takes it back.
void *weir_allocate(size_t bytes);
void weir_free(void *memory);

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
