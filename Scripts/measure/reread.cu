// Which lines an L1 keeps when rows are read again.
// Build: nvcc -O2 -arch=sm_90a -o reread reread.cu
// Run under: ncu --clock-control none --cache-control all --csv --page raw --metrics
//   l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum,l1tex__t_sectors_pipe_lsu_mem_global_op_ld_lookup_hit.sum ./reread
// Kernel names in the output: `cycle` reads KiB in a circle `passes` times; `rows` reads one row after the other, each
// `passes` times, and may store a row beside it.
#include "check.h"
#include <cstdint>

__device__ unsigned load(const char *at) {
    uint4 v;
    asm volatile("ld.global.ca.v4.u32 {%0,%1,%2,%3},[%4];" : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w) : "l"(at));
    return v.x ^ v.y ^ v.z ^ v.w;
}

// A block an SM. `rows` rows of `bytes`, each read `passes` times; `stored` bytes are stored after each row.
__global__ void rows(const char *data, char *out, int rows, int bytes, int passes, int stored, unsigned *sink) {
    const char *mine = data + (size_t)blockIdx.x * rows * bytes;
    char *to = out + (size_t)blockIdx.x * rows * stored;
    unsigned sum = 0;
    for (int row = 0; row < rows; row++) {
        for (int pass = 0; pass < passes; pass++) {
            for (int at = threadIdx.x * 16; at < bytes; at += blockDim.x * 16) sum ^= load(mine + (size_t)row * bytes + at);
            __syncthreads();
        }
        for (int at = threadIdx.x * 16; at < stored; at += blockDim.x * 16)
            asm volatile("st.global.v4.u32 [%0], {%1,%1,%1,%1};" ::"l"(to + (size_t)row * stored + at), "r"(sum) : "memory");
        __syncthreads();
    }
    sink[threadIdx.x + blockIdx.x * blockDim.x] = sum;
}

int main() {
    char *data, *out;
    unsigned *sink;
    CHECK(cudaMalloc(&data, 512 << 20));
    CHECK(cudaMalloc(&out, 512 << 20));
    CHECK(cudaMalloc(&sink, 4 << 20));
    CHECK(cudaFuncSetAttribute(rows, cudaFuncAttributePreferredSharedMemoryCarveout, 0));
    // Cyclic: one row of so many KiB, read 2, 4, and 8 times.
    for (int kib : {128, 192, 208, 224, 232, 240, 248, 256, 272, 288, 320, 384, 512})
        for (int passes : {2, 4, 8}) {
            rows<<<132, 512>>>(data, out, 1, kib << 10, passes, 0, sink);
            fprintf(stderr, "launch cycle kib=%d passes=%d stored=0 rows=1\n", kib, passes);
        }
    // Stream of rows: 16 rows of so many KiB, each read three times, with and without a row stored beside it.
    for (int kib : {32, 64, 96, 112, 128, 160, 192, 208, 224})
        for (int stored : {0, 1}) {
            rows<<<132, 512>>>(data, out, 12, kib << 10, 3, stored * kib << 10, sink);
            fprintf(stderr, "launch rows kib=%d passes=3 stored=%d rows=12\n", kib, stored * kib);
        }
    CHECK(cudaDeviceSynchronize());
    return 0;
}
