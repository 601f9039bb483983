// Home partition of SMs and lines: latency of atomics, which go to a line's home whatever copies exist.
// Build: nvcc -O2 -arch=sm_90 -o home home.cu    Output: one line per SM, then near/far maps of addresses.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "check.h"

// The one thread on SM `wanted` times an atomic add to each word, `repeats` times, and keeps the least.
__global__ void atomicLatency(unsigned *words, const uint32_t *offsets, int count, int wanted, unsigned *least, int repeats) {
    unsigned sm;
    asm("mov.u32 %0, %%smid;" : "=r"(sm));
    if ((int)sm != wanted || threadIdx.x != 0) return;
    for (int repeat = 0; repeat < repeats; repeat++) {
        for (int index = 0; index < count; index++) {
            unsigned start = clock();
            unsigned old = atomicAdd(words + offsets[index], 1);
            asm volatile("" ::"r"(old) : "memory");
            start += old == 0x12345678;
            unsigned cycles = clock() - start;
            if (repeat == 0 || cycles < least[index]) least[index] = cycles;
        }
    }
}

int main() {
    const size_t bytes = 256 << 20;
    unsigned *words, *least;
    uint32_t *offsets;
    CHECK(cudaMalloc(&words, bytes));
    CHECK(cudaMemset(words, 0, bytes));
    CHECK(cudaMallocManaged(&offsets, 65536 * sizeof(uint32_t)));
    CHECK(cudaMallocManaged(&least, 65536 * sizeof(unsigned)));
    for (int index = 0; index < 96; index++) offsets[index] = (uint32_t)((index * 4096ull * 37) % bytes) / 4;
    for (int sm = 0; sm < 132; sm++) {
        atomicLatency<<<264, 32>>>(words, offsets, 96, sm, least, 6);
        CHECK(cudaDeviceSynchronize());
        printf("sm %d", sm);
        for (int index = 0; index < 96; index++) printf(" %u", least[index]);
        printf("\n");
    }
    const int strides[] = {128, 512, 4096}, counts[] = {8192, 8192, 32768};
    for (int map = 0; map < 3; map++) {
        for (int index = 0; index < counts[map]; index++) offsets[index] = (uint32_t)index * (strides[map] / 4);
        atomicLatency<<<264, 32>>>(words, offsets, counts[map], 0, least, 5);
        CHECK(cudaDeviceSynchronize());
        printf("map %d", strides[map]);
        for (int index = 0; index < counts[map]; index++) printf(" %u", least[index]);
        printf("\n");
    }
    return 0;
}
