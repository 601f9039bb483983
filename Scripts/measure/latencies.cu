// Cycles from an instruction to the first one that can use its result, by chains of dependent instructions in one warp.
// Build: nvcc -O3 -arch=sm_90a -o latencies latencies.cu
// Prints CSV: instruction, cycles. What a chain needs beside the instruction is measured too and named in the row.
#include "check.h"
#include <cstdint>

const int length = 256;

#define CHAIN(name, type, start, code, ...)                                         \
    __global__ void name(type *sink, long long *cycles, type seed) {                \
        __shared__ unsigned table[1024];                                            \
        for (int i = threadIdx.x; i < 1024; i += 32) table[i] = (i * 4 + 128) % 4096; \
        unsigned base = (unsigned)__cvta_generic_to_shared(table);                  \
        (void)base;                                                                 \
        __syncwarp();                                                               \
        type x = seed + (type)start;                                                \
        for (int round = 0; round < 2; round++) {                                   \
            long long begin = clock64();                                            \
            _Pragma("unroll") for (int i = 0; i < length; i++) asm volatile(code : __VA_ARGS__); \
            *cycles = clock64() - begin;                                            \
        }                                                                           \
        sink[threadIdx.x] = x;                                                      \
    }

CHAIN(ffma, float, 1, "fma.rn.f32 %0, %0, %0, %0;", "+f"(x))
CHAIN(iadd3, unsigned, 1, "add.u32 %0, %0, %0;", "+r"(x))
CHAIN(imad, unsigned, 1, "mad.lo.u32 %0, %0, %0, %0;", "+r"(x))
CHAIN(ex2, float, 1, "ex2.approx.ftz.f32 %0, %0;", "+f"(x))
CHAIN(popc, unsigned, 1, "popc.b32 %0, %0;", "+r"(x))
CHAIN(redux, unsigned, 1, "redux.sync.add.u32 %0, %0, -1;", "+r"(x))
CHAIN(f2i_i2f, float, 1, "{ .reg .s32 t; cvt.rzi.s32.f32 t, %0; cvt.rn.f32.s32 %0, t; }", "+f"(x))

__global__ void lds(unsigned *sink, long long *cycles) {
    __shared__ unsigned table[1024];
    unsigned base = (unsigned)__cvta_generic_to_shared(table);
    for (int i = threadIdx.x; i < 1024; i += 32) table[i] = base + (i * 4 + 128) % 4096;
    __syncwarp();
    unsigned at = base + threadIdx.x * 4;
    for (int round = 0; round < 2; round++) {
        long long begin = clock64();
#pragma unroll
        for (int i = 0; i < length; i++) asm volatile("ld.shared.u32 %0, [%0];" : "+r"(at) : : "memory");
        *cycles = clock64() - begin;
    }
    sink[threadIdx.x] = at;
}

__global__ void ldmatrix(unsigned *sink, long long *cycles) {
    __shared__ __align__(16) unsigned table[1024];
    unsigned base = (unsigned)__cvta_generic_to_shared(table);
    for (int i = threadIdx.x; i < 1024; i += 32) table[i] = base;
    __syncwarp();
    unsigned a = base, b, c, d;
    for (int round = 0; round < 2; round++) {
        long long begin = clock64();
#pragma unroll
        for (int i = 0; i < length; i++)
            asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%0];" : "+r"(a), "=r"(b), "=r"(c), "=r"(d) : : "memory");
        *cycles = clock64() - begin;
    }
    sink[threadIdx.x] = a + b + c + d;
}

__global__ void hmma(float *sink, long long *cycles) {
    float c[4] = {};
    unsigned a[4] = {}, b[2] = {};
    for (int round = 0; round < 2; round++) {
        long long begin = clock64();
#pragma unroll
        for (int i = 0; i < length; i++)
            asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                         : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                         : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
        *cycles = clock64() - begin;
    }
    sink[threadIdx.x] = c[0];
}

// Eight independent chains, so that the pipe and not the latency limits one warp.
__global__ void ex2Rate(float *sink, long long *cycles) {
    float x[8];
    for (int i = 0; i < 8; i++) x[i] = threadIdx.x + i;
    for (int round = 0; round < 2; round++) {
        long long begin = clock64();
#pragma unroll
        for (int i = 0; i < length; i++) asm volatile("ex2.approx.ftz.f32 %0, %0;" : "+f"(x[i % 8]));
        *cycles = clock64() - begin;
    }
    float sum = 0;
    for (int i = 0; i < 8; i++) sum += x[i];
    sink[threadIdx.x] = sum;
}

__global__ void shflRate(unsigned *sink, long long *cycles) {
    unsigned x[8];
    for (int i = 0; i < 8; i++) x[i] = threadIdx.x + i;
    for (int round = 0; round < 2; round++) {
        long long begin = clock64();
#pragma unroll
        for (int i = 0; i < length; i++) asm volatile("shfl.sync.bfly.b32 %0, %0, 1, 31, -1;" : "+r"(x[i % 8]));
        *cycles = clock64() - begin;
    }
    unsigned sum = 0;
    for (int i = 0; i < 8; i++) sum += x[i];
    sink[threadIdx.x] = sum;
}

// Barriers of a block: all warps come at once.
__global__ void barrier(unsigned *sink, long long *cycles) {
    for (int round = 0; round < 2; round++) {
        long long begin = clock64();
#pragma unroll
        for (int i = 0; i < length; i++) __syncthreads();
        *cycles = clock64() - begin;
    }
    sink[threadIdx.x] = 0;
}

int main() {
    void *sink;
    long long *cycles, host;
    CHECK(cudaMalloc(&sink, 1 << 16));
    CHECK(cudaMalloc(&cycles, 64));
    printf("instruction,cycles\n");
#define SHOW(name, call)                                                  \
    for (int i = 0; i < 2; i++) call;                                     \
    CHECK(cudaMemcpy(&host, cycles, 8, cudaMemcpyDeviceToHost));          \
    printf("%s,%.1f\n", name, (double)host / length);
    SHOW("FFMA", (ffma<<<1, 32>>>((float *)sink, cycles, 1.f)))
    SHOW("IADD3", (iadd3<<<1, 32>>>((unsigned *)sink, cycles, 1u)))
    SHOW("IMAD", (imad<<<1, 32>>>((unsigned *)sink, cycles, 1u)))
    SHOW("MUFU.EX2", (ex2<<<1, 32>>>((float *)sink, cycles, 1.f)))
    SHOW("POPC", (popc<<<1, 32>>>((unsigned *)sink, cycles, 1u)))
    SHOW("REDUX", (redux<<<1, 32>>>((unsigned *)sink, cycles, 1u)))
    SHOW("F2I + I2F", (f2i_i2f<<<1, 32>>>((float *)sink, cycles, 1.f)))
    SHOW("LDS", (lds<<<1, 32>>>((unsigned *)sink, cycles)))
    SHOW("LDSM.x4", (ldmatrix<<<1, 32>>>((unsigned *)sink, cycles)))
    SHOW("HMMA.16816.F32", (hmma<<<1, 32>>>((float *)sink, cycles)))
    SHOW("MUFU.EX2 in eight chains", (ex2Rate<<<1, 32>>>((float *)sink, cycles)))
    SHOW("SHFL in eight chains", (shflRate<<<1, 32>>>((unsigned *)sink, cycles)))
    SHOW("BAR.SYNC of 1 warp", (barrier<<<1, 32>>>((unsigned *)sink, cycles)))
    SHOW("BAR.SYNC of 4 warps", (barrier<<<1, 128>>>((unsigned *)sink, cycles)))
    SHOW("BAR.SYNC of 8 warps", (barrier<<<1, 256>>>((unsigned *)sink, cycles)))
    SHOW("BAR.SYNC of 16 warps", (barrier<<<1, 512>>>((unsigned *)sink, cycles)))
    return 0;
}
