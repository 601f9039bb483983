#include "PartialFiles.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { slot_count = 64, path_bytes = 4096 };

// The places are fixed, because a handler may neither allocate nor wait.
static char paths[slot_count][path_bytes];
// 0: free, 1: being written, 2: a file to remove.
static atomic_int states[slot_count];

int32_t weir_partial_add(const char *path) {
    if (strlen(path) >= path_bytes) return -1;
    for (int32_t slot = 0; slot < slot_count; slot++) {
        int expected = 0;
        if (!atomic_compare_exchange_strong(&states[slot], &expected, 1)) continue;
        strcpy(paths[slot], path);
        atomic_store(&states[slot], 2);
        return slot;
    }
    return -1;
}

void weir_partial_drop(int32_t slot) {
    if (slot >= 0) atomic_store(&states[slot], 0);
}

static void remove_partials(int number) {
    for (int32_t slot = 0; slot < slot_count; slot++)
        if (atomic_load(&states[slot]) == 2) unlink(paths[slot]);
    // The handler was reset when it was called. The signal therefore ends the process now, as it would have done
    // without the handler.
    raise(number);
}

void weir_partial_watch(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) {
        struct sigaction action;
        // Signals that the caller ignores stay ignored, for example under nohup.
        if (sigaction(numbers[index], NULL, &action) != 0 || action.sa_handler != SIG_DFL) continue;
        memset(&action, 0, sizeof action);
        action.sa_handler = remove_partials;
        action.sa_flags = (int)SA_RESETHAND;
        sigaction(numbers[index], &action, NULL);
    }
}
