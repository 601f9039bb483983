// Bytes a cycle that an SM takes from the L2 with loads past the L1, for one to all SMs at work.
// Build: nvcc -O3 -arch=sm_90a -o fill fill.cu
// Prints CSV: access, blocks, threads, KiB of a block, bytes a cycle and SM.
#include <cstdint>
#include <cstdio>
#include <cuda_runtime.h>

// Every block reads `bytes` of its own `repetitions` times; a thread has eight loads of 16 bytes on their way.
__global__ void fill(const char *data, size_t bytes, int repetitions, unsigned *sink, long long *cycles) {
    const char *mine = data + (size_t)blockIdx.x * bytes;
    unsigned sum = 0;
    __syncthreads();
    long long begin = clock64();
    for (int r = 0; r < repetitions; r++)
        for (size_t at = (size_t)threadIdx.x * 16; at < bytes; at += (size_t)blockDim.x * 128) {
            uint4 v[8];
#pragma unroll
            for (int u = 0; u < 8; u++)
                asm volatile("ld.global.cg.v4.u32 {%0,%1,%2,%3},[%4];"
                             : "=r"(v[u].x), "=r"(v[u].y), "=r"(v[u].z), "=r"(v[u].w)
                             : "l"(mine + at + (size_t)u * blockDim.x * 16));
#pragma unroll
            for (int u = 0; u < 8; u++) sum ^= v[u].x ^ v[u].y ^ v[u].z ^ v[u].w;
        }
    __syncthreads();
    sink[threadIdx.x + blockIdx.x * blockDim.x] = sum;
    if (threadIdx.x == 0) cycles[blockIdx.x] = clock64() - begin;
}

void run(int blocks, int threads, size_t kib) {
    static char *data;
    static unsigned *sink;
    static long long *cycles;
    if (!data) {
        cudaMalloc(&data, 64 << 20);
        cudaMemset(data, 0, 64 << 20);
        cudaMalloc(&sink, 4 << 20);
        cudaMalloc(&cycles, 1 << 16);
    }
    int anSM = blocks > 132 ? blocks / 132 : 1;
    cudaFuncSetAttribute(fill, cudaFuncAttributeMaxDynamicSharedMemorySize, 200 * 1024);
    // Shared memory keeps more blocks from an SM.
    for (int i = 0; i < 2; i++) fill<<<blocks, threads, 100 * 1024 / anSM>>>(data, kib << 10, 16, sink, cycles);
    static long long host[1024];
    cudaMemcpy(host, cycles, 8 * blocks, cudaMemcpyDeviceToHost);
    double mean = 0;
    for (int i = 0; i < blocks; i++) mean += (double)host[i] / blocks;
    printf("ld.cg,%d,%d,%zu,%.1f\n", blocks, threads, kib, (double)(kib << 10) * 16 * anSM / mean);
}

int main() {
    printf("access,blocks,threads,kib_per_block,bytes_per_cycle_per_sm\n");
    for (int threads = 256; threads <= 1024; threads *= 2)
        for (int blocks : {1, 8, 33, 66, 132}) run(blocks, threads, 128);
    for (int blocks : {264, 528}) run(blocks, 256, 64);
}
