// For madvise.
#define _DEFAULT_SOURCE
#include "CSupport.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

static _Thread_local int starts_left = -1;

void weir_thread_limit(int count) { starts_left = count; }

int weir_thread_start(pthread_t *thread, size_t stack_bytes, void *(*body)(void *), void *context) {
    if (starts_left == 0) return EAGAIN;
    if (starts_left > 0) starts_left--;
    pthread_attr_t attributes;
    int status = pthread_attr_init(&attributes);
    if (status) return status;
    if (stack_bytes) status = pthread_attr_setstacksize(&attributes, stack_bytes);
    if (!status) status = pthread_create(thread, &attributes, body, context);
    pthread_attr_destroy(&attributes);
    return status;
}

void *weir_allocate(size_t bytes) {
    // The size of a huge page of x86-64, and of AArch64 with pages of 4 KiB.
    const size_t huge = (size_t)2 << 20;
    const int is_large = bytes >= huge / 2;
    void *memory = NULL;
    if (posix_memalign(&memory, is_large ? huge : 128, bytes)) return NULL;
#if defined(__linux__)
    // If the system refuses, pages stay small.
    if (is_large) (void)madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return memory;
}

void weir_free(void *memory) { free(memory); }

struct weir_gate {
    atomic_intptr_t value;
    /// Whether a thread sleeps here or is about to.
    atomic_int sleeps;
    pthread_mutex_t mutex;
    pthread_cond_t condition;
};

/// How often a thread looks at the number before it sleeps. On a quiet machine this takes about as long as a half's
/// window.
enum { spins = 2000 };

weir_gate *weir_gate_create(void) {
    weir_gate *gate = malloc(sizeof *gate);
    if (!gate) return NULL;
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_cond_init(&gate->condition, NULL);
    atomic_init(&gate->value, 0);
    atomic_init(&gate->sleeps, 0);
    return gate;
}

void weir_gate_destroy(weir_gate *gate) {
    if (!gate) return;
    pthread_cond_destroy(&gate->condition);
    pthread_mutex_destroy(&gate->mutex);
    free(gate);
}

intptr_t weir_gate_value(const weir_gate *gate) { return atomic_load_explicit(&gate->value, memory_order_acquire); }

void weir_gate_post(weir_gate *gate, intptr_t value) {
    // Both stores and both loads happen in one order. Either this thread sees the sleeper, or the sleeper sees the
    // number.
    atomic_store(&gate->value, value);
    if (!atomic_load(&gate->sleeps)) return;
    pthread_mutex_lock(&gate->mutex);
    pthread_cond_signal(&gate->condition);
    pthread_mutex_unlock(&gate->mutex);
}

void weir_gate_wait(weir_gate *gate, intptr_t wanted) {
    for (int look = 0; look < spins; look++) {
        if (weir_gate_value(gate) >= wanted) return;
        weir_pause();
    }
    pthread_mutex_lock(&gate->mutex);
    atomic_store(&gate->sleeps, 1);
    while (atomic_load(&gate->value) < wanted) pthread_cond_wait(&gate->condition, &gate->mutex);
    atomic_store(&gate->sleeps, 0);
    pthread_mutex_unlock(&gate->mutex);
}
