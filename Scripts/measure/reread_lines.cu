// Which loads of a list hit an L1, one load after the other.
// Build: nvcc -O2 -arch=sm_90a -o reread_lines reread_lines.cu
// Run: ./reread_lines LISTS SHARED HITS, as reread_lines.py does. A block of the grid has an SM to itself; its first warp
// reads a list of lines of 128 bytes, and waits for each. A load that takes less than 150 cycles hits: hits take 88 to
// 95, misses 264 and more. SHARED is the block's dynamic shared memory in bytes, which decides the carve-out.
// A list holds line numbers; ~0 is nothing, and ~1 empties the L1.
#include "check.h"
#include <cstdint>
#include <cstdlib>
#include <vector>
typedef uint32_t u32;

__global__ __launch_bounds__(512) void read(char *data, const u32 *lists, const u32 *starts, u32 *hits) {
    if (threadIdx.x >= 32) return;
    u32 lane = threadIdx.x, begin = __ldcg(starts + blockIdx.x), end = __ldcg(starts + blockIdx.x + 1);
    for (u32 i = begin; i < end; i += 32) {
        u32 lines = __ldcg(lists + i + lane), bits = 0;
        for (u32 j = 0; j < 32; j++) {
            u32 line = __shfl_sync(~0u, lines, j), value, before, after;
            if (line == ~0u) continue;
            if (line == ~1u) {
                __threadfence();
                continue;
            }
            const char *at = data + (size_t)line * 128 + lane * 4;
            asm volatile("mov.u32 %0,%%clock;" : "=r"(before)::"memory");
            asm volatile("ld.global.ca.u32 %0,[%1];" : "=r"(value) : "l"(at) : "memory");
            __syncwarp(~value);  // The data are zero; the barrier waits for them.
            asm volatile("mov.u32 %0,%%clock;" : "=r"(after)::"memory");
            if (after - before < 150) bits |= 1u << j;
        }
        if (lane == 0) atomicOr(hits + i / 32, bits);
    }
}

// A file of `count` lists: the count, the starts of the lists and the end, each a multiple of 32, and the lists.
int main(int, char **arguments) {
    FILE *file = fopen(arguments[1], "rb");
    u32 count, shared = atoi(arguments[2]);
    if (!file || fread(&count, 4, 1, file) != 1) return 1;
    std::vector<u32> starts(count + 1);
    if (fread(starts.data(), 4, count + 1, file) != count + 1) return 1;
    size_t size = starts[count];
    std::vector<u32> lists(size), found(size / 32);
    if (fread(lists.data(), 4, size, file) != size) return 1;
    char *data;
    u32 *deviceLists, *deviceStarts, *hits;
    CHECK(cudaMalloc(&data, 2ull << 30));
    CHECK(cudaMemset(data, 0, 2ull << 30));
    CHECK(cudaMalloc(&deviceLists, size * 4));
    CHECK(cudaMalloc(&deviceStarts, count * 4 + 4));
    CHECK(cudaMalloc(&hits, size / 8));
    CHECK(cudaMemset(hits, 0, size / 8));
    CHECK(cudaMemcpy(deviceLists, lists.data(), size * 4, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy(deviceStarts, starts.data(), count * 4 + 4, cudaMemcpyHostToDevice));
    CHECK(cudaFuncSetAttribute(read, cudaFuncAttributePreferredSharedMemoryCarveout, 0));
    CHECK(cudaFuncSetAttribute(read, cudaFuncAttributeMaxDynamicSharedMemorySize, shared));
    for (u32 first = 0; first < count; first += 132)
        read<<<count - first < 132 ? count - first : 132, 512, shared>>>(data, deviceLists, deviceStarts + first, hits);
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaMemcpy(found.data(), hits, size / 8, cudaMemcpyDeviceToHost));
    printf("%p\n", data);
    file = fopen(arguments[3], "wb");
    return fwrite(found.data(), 4, size / 32, file) == size / 32 ? 0 : 1;
}
