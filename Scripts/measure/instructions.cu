// Straight-line code of N instructions: cycles of the first pass and of the second, in the kernel's first launch, in a later one, and
// in one with the L2 swept between.
// Build: nvcc -O3 -arch=sm_90 -o instructions instructions.cu
#include <cstdio>
#include <cuda_runtime.h>

float *values, *other;
long long *cycles;

template <int N> __global__ void straight(float *values, long long *out, int passes, float b, float c) {
    float a[4];
    for (int i = 0; i < 4; i++) a[i] = threadIdx.x + i;
    for (int pass = 0; pass < passes; pass++) {
        long long start = clock64();
#pragma unroll
        for (int i = 0; i < N; i++) asm volatile("fma.rn.f32 %0,%0,%1,%2;" : "+f"(a[i % 4]) : "f"(b), "f"(c));
        if (threadIdx.x == 0 && pass < 2) out[2 * blockIdx.x + pass] = clock64() - start;
    }
    values[blockIdx.x * blockDim.x + threadIdx.x] = a[0] + a[1] + a[2] + a[3];
}

template <int N> void measure() {
    for (int blocks : {1, 16, 132})
        for (int threads : {32, 128}) {
            for (const char *mode : {"first", "again", "swept"}) {
                if (mode[0] == 's') cudaMemset(other, 1, 256 << 20);
                straight<N><<<blocks, threads>>>(values, cycles, 2, 1.f, 2.f);
                long long host[264];
                cudaMemcpy(host, cycles, 16 * blocks, cudaMemcpyDeviceToHost);
                double first = 0, second = 0;
                for (int i = 0; i < blocks; i++) {
                    first += host[2 * i];
                    second += host[2 * i + 1];
                }
                printf("%d instructions,%d KiB,%d blocks of %d,%s,first pass %.0f,second %.0f\n", N, N * 16 / 1024, blocks, threads,
                       mode, first / blocks, second / blocks);
            }
        }
}

int main() {
    cudaMalloc(&values, 1 << 22);
    cudaMalloc(&cycles, 8192);
    cudaMalloc(&other, 256 << 20);
    measure<256>();
    measure<512>();
    measure<1024>();
    measure<2048>();
    measure<4096>();
    measure<6144>();
    measure<8192>();
    measure<12288>();
    fprintf(stderr, "%s\n", cudaGetErrorString(cudaGetLastError()));
}
