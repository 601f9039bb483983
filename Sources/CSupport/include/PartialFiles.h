// Unfinished outputs. They must disappear when a signal ends the process.
#ifndef WEIR_PARTIAL_FILES_H
#define WEIR_PARTIAL_FILES_H

#include <stdint.h>

/// Remembers a file that a signal must remove. Returns its slot, or -1 where all slots are taken or the path is too
/// long.
int32_t weir_partial_add(const char *path);

/// Forgets the file of a slot. -1 stands for no slot.
void weir_partial_drop(int32_t slot);

/// From now on SIGINT, SIGTERM and SIGHUP remove the remembered files before they end the process.
void weir_partial_watch(void);

#endif
