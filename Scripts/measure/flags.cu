// Blocks that wait for flags: how long a spinning block's poll takes, and how long a signal takes from block to block.
// Build: nvcc -O3 -arch=sm_90 -o flags flags.cu    Output: CSV, one row a launch.
#include <cstdio>
#include <cstdlib>
#include <cuda_runtime.h>

#include "check.h"

__device__ int acquire(const int *flag) {
    int value;
    asm volatile("ld.acquire.gpu.global.s32 %0,[%1];" : "=r"(value) : "l"(flag) : "memory");
    return value;
}

__device__ void release(int *flag) {
    asm volatile("red.release.gpu.global.add.s32 [%0],1;" ::"l"(flag) : "memory");
}

// Waits as Triton's code does: one thread loads, all learn the value through shared memory.
__device__ long spin(const int *flag, int wanted) {
    __shared__ int seen;
    long polls = 0;
    while (true) {
        if (threadIdx.x == 0) seen = acquire(flag);
        __syncthreads();
        int value = seen;
        __syncthreads();
        polls++;
        if (value >= wanted) return polls;
    }
}

// Block 0 works for `cycles` and signals; the others wait. Out: polls and cycles of block 1.
__global__ void waiting(int *flags, long cycles, int apart, long *out) {
    long start = clock64();
    if (blockIdx.x == 0) {
        while (clock64() - start < cycles) {}
        __syncthreads();
        if (threadIdx.x == 0)
            for (int i = 0; i < 64; i++) release(flags + i * apart);
        return;
    }
    long polls = spin(flags + (blockIdx.x % 64) * apart, 1);
    if (threadIdx.x == 0 && blockIdx.x == 1) {
        out[0] = polls;
        out[1] = clock64() - start;
    }
}

__device__ long now() {
    long time;
    asm volatile("mov.u64 %0,%globaltimer;" : "=l"(time)::"memory");
    return time;
}

// Blocks 0 and `partner` signal each other in turn, each after writing `lines` lines a warp. Out: cycles of a hand-over, and of
// it cycles of the fence, nanoseconds from behind the fence until the other block has seen the flag, and polls.
// Untimed, only the first: reading the timer takes as long as a load.
template <bool ACQUIRES, bool TIMED> __global__ void passing(int *flags, char *data, int partner, int rounds, int lines, long *out, long *times) {
    if (blockIdx.x != 0 && blockIdx.x != partner) return;
    int side = blockIdx.x == 0 ? 0 : 1;
    long start = clock64(), fences = 0, polls = 0;
    for (int i = 0; i < rounds; i++) {
        if ((i & 1) == side) {
            for (int l = 0; l < lines; l++)
                *(volatile int *)(data + ((long)(i % 512) * 64 + l) * 4096 + side * 2048 + threadIdx.x * 4) = i;
            if (threadIdx.x == 0) {
                long before = clock64();
                __threadfence();
                fences += clock64() - before;
                if (TIMED) times[i] = now();
                asm volatile("red.relaxed.gpu.global.add.s32 [%0],1;" ::"l"(flags) : "memory");
            }
        } else if (ACQUIRES) {
            polls += spin(flags, i + 1);
            if (TIMED && threadIdx.x == 0) times[rounds + i] = now();
        } else {
            if (threadIdx.x == 0) {
                int value = 0;
                while (value < i + 1) {
                    asm volatile("ld.relaxed.gpu.global.s32 %0,[%1];" : "=r"(value) : "l"(flags) : "memory");
                    polls++;
                }
                if (TIMED) times[rounds + i] = now();
            }
            __syncthreads();
        }
    }
    if (threadIdx.x == 0 && side == 0) {
        out[0] = (clock64() - start) / rounds;
        out[1] = fences / (rounds / 2);
        out[2] = polls;
    }
}

// Cycles of a lone thread's operations on one word, each behind the one before.
template <int KIND> __global__ void alone(int *flags, long *out) {
    int value = 0;
    long start = clock64();
    for (int i = 0; i < 256; i++) {
        if (KIND == 0) asm volatile("ld.acquire.gpu.global.s32 %0,[%1];" : "=r"(value) : "l"(flags + value) : "memory");
        if (KIND == 1) asm volatile("ld.relaxed.gpu.global.s32 %0,[%1];" : "=r"(value) : "l"(flags + value) : "memory");
        if (KIND == 2) asm volatile("atom.relaxed.gpu.global.add.s32 %0,[%1],0;" : "=r"(value) : "l"(flags + value) : "memory");
        if (KIND == 3) __threadfence();
        if (KIND == 4) {
            asm volatile("ld.acquire.gpu.global.s32 %0,[%1];" : "=r"(value) : "l"(flags + value) : "memory");
            __threadfence();
        }
        if (KIND == 5) {
            asm volatile("red.relaxed.gpu.global.add.s32 [%0],0;" ::"l"(flags) : "memory");
            __threadfence();
        }
        if (KIND == 6) {
            asm volatile("red.relaxed.gpu.global.add.s32 [%0],0;" ::"l"(flags) : "memory");
            asm volatile("ld.relaxed.gpu.global.s32 %0,[%1];" : "=r"(value) : "l"(flags + value) : "memory");
        }
    }
    out[0] = (clock64() - start) / 256;
    out[1] = value;
}

template <int KIND> void loner(const char *name, int *flags, long *out) {
    for (int place : {0, 1024, 2048, 4096, 9000, 16384}) {
        for (int run = 0; run < 2; run++) {
            alone<KIND><<<1, 1>>>(flags + place, out);
            CHECK(cudaDeviceSynchronize());
        }
        printf("%s,1,1,%d,0,%ld,,,\n", name, place * 4, out[0]);
    }
}

template <bool ACQUIRES, bool TIMED> void pairs(const char *name, int *flags, char *data, long *out, long *times) {
    const int rounds = 4000;
    for (int lines : {0, 1, 8})
        for (int partner : {1, 2, 40, 131})
            for (int place : {0, 1024, 4096, 9000}) {
                if (lines && place > 1024) continue;
                CHECK(cudaMemset(flags, 0, 1 << 20));
                passing<ACQUIRES, TIMED><<<132, 128>>>(flags + place, data, partner, rounds, lines, out, times);
                CHECK(cudaDeviceSynchronize());
                double total = 0;
                for (int i = 100; TIMED && i < rounds; i++) total += times[rounds + i] - times[i];
                printf("%s,%d,128,%d,%d,%ld,%ld,%.1f,%.2f\n", name, partner, place * 4, lines, out[0], out[1],
                       total / (rounds - 100), out[2] / (rounds / 2.0));
            }
}

int main() {
    int *flags;
    char *data;
    long *out;
    CHECK(cudaMalloc(&flags, 1 << 20));
    CHECK(cudaMalloc(&data, 1 << 28));
    CHECK(cudaMallocManaged(&out, 64));
    printf("what,blocks,threads,place_bytes,lines,cycles,fence_cycles,seen_ns,polls\n");
    for (int apart : {32, 8192})
        for (int blocks : {2, 132, 528})
            for (int threads : {32, 128}) {
                long counts[2], times[2];
                for (int run = 0; run < 2; run++) {
                    CHECK(cudaMemset(flags, 0, 1 << 20));
                    waiting<<<blocks, threads>>>(flags, run ? 400000 : 200000, apart, out);
                    CHECK(cudaDeviceSynchronize());
                    counts[run] = out[0];
                    times[run] = out[1];
                }
                printf("poll,%d,%d,%d,0,%.1f,,,\n", blocks, threads, apart * 4, double(times[1] - times[0]) / (counts[1] - counts[0]));
            }
    long *times;
    CHECK(cudaMallocManaged(&times, 8 * 8000));
    loner<0>("acquire", flags, out);
    loner<1>("relaxed", flags, out);
    loner<2>("atomic", flags, out);
    loner<3>("fence", flags, out);
    loner<4>("acquire+fence", flags, out);
    loner<5>("reduction+fence", flags, out);
    loner<6>("reduction+relaxed", flags, out);
    pairs<true, false>("pass", flags, data, out, times);
    pairs<false, false>("pass-relaxed", flags, data, out, times);
    pairs<true, true>("pass-timed", flags, data, out, times);
    pairs<false, true>("pass-relaxed-timed", flags, data, out, times);
}
