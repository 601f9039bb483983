// Rounds of loads: every block reads a piece, waits for it and goes on, with and without stores between; and loads of a sector a lane.
// Build: nvcc -O3 -arch=sm_90 -o rounds rounds.cu
// Prints CSV: kind (read, copy), barrier a round or not, blocks, bytes a round, rounds, mean, 10 % and 90 % quantiles of cycles a round.
#include <algorithm>
#include <cstdio>
#include <cuda_runtime.h>
#include <vector>

// Fills the L2 with clean lines of another buffer.
__global__ void sweep(const float4 *data, long count, float *sink) {
    float sum = 0;
    for (long i = blockIdx.x * (long)blockDim.x + threadIdx.x; i < count; i += (long)gridDim.x * blockDim.x) {
        float4 v = data[i];
        sum += v.x + v.y + v.z + v.w;
    }
    if (sum == 1.5f) sink[0] = sum;
}

char *source, *target, *other;
long long *cycles;

void flush() {
    sweep<<<1056, 256>>>((const float4 *)other, (256l << 20) / 16, (float *)other);
    cudaDeviceSynchronize();
}

// 128 threads read `bytes` (2, 4 or 8 KiB) a round, 16 bytes a lane, and store half as many before it.
template <bool STORES, bool BARRIER>
__global__ void rounds(const char *source, char *target, int count, long stride, long long *out, int bytes) {
    const char *p = source + (long)blockIdx.x * bytes + threadIdx.x * 16;
    char *q = target + (long)blockIdx.x * (bytes / 2) + threadIdx.x * 8;
    float4 a = {0, 0, 0, 0};
    int vectors = bytes / 2048;
    long long start = clock64();
    for (int round = 0; round < count; round++) {
        float4 v[4];
        if (STORES)
            for (int i = 0; i < vectors; i++) {
                uint2 w = {__float_as_uint(a.x + i), __float_as_uint(a.z)};
                *(uint2 *)(q + i * 1024) = w;
            }
        if (vectors == 1) {
            v[0] = *(const float4 *)p;
            a.x = a.x * .9f + v[0].x;
            a.z = a.z * .9f + v[0].z;
        } else if (vectors == 2) {
            v[0] = *(const float4 *)p;
            v[1] = *(const float4 *)(p + 2048);
            a.x = a.x * .9f + v[0].x + v[1].x;
            a.z = a.z * .9f + v[0].z + v[1].w;
        } else {
            for (int i = 0; i < 4; i++) v[i] = *(const float4 *)(p + i * 2048);
            for (int i = 0; i < 4; i++) {
                a.x = a.x * .9f + v[i].x;
                a.z = a.z * .9f + v[i].z;
            }
        }
        p += stride;
        q += stride / 2;
        if (BARRIER) __syncthreads();
        if (a.x == 1e30f) break;
    }
    long long end = clock64();
    if (threadIdx.x == 0) out[blockIdx.x] = end - start;
    if (a.x == 1.2345f) out[0] = 0;
}

template <bool STORES, bool BARRIER> void measure(int blocks, int bytes, int count) {
    std::vector<long long> host(blocks);
    for (int repeat = 0; repeat < 2; repeat++) {
        flush();
        rounds<STORES, BARRIER><<<blocks, 128>>>(source, target, count, (long)blocks * bytes, cycles, bytes);
        cudaMemcpy(host.data(), cycles, 8 * blocks, cudaMemcpyDeviceToHost);
    }
    double sum = 0;
    for (auto value : host) sum += value;
    std::sort(host.begin(), host.end());
    printf("%s,%s,%d,%d,%d,%.0f,%lld,%lld\n", STORES ? "copy" : "read", BARRIER ? "barrier" : "free", blocks, bytes, count,
           sum / blocks / count, host[blocks / 10] / count, host[blocks * 9 / 10] / count);
}

// Each lane loads two bytes of a sector of its own, `loads` times, `pitch` bytes from lane to lane.
__global__ void strided(const char *source, int loads, long pitch, long long *out) {
    const char *p = source + (long)blockIdx.x * blockDim.x * loads * pitch + threadIdx.x * pitch;
    unsigned sum = 0;
    unsigned short v[8];
    __syncthreads();
    long long start = clock64();
#pragma unroll
    for (int i = 0; i < 8; i++) v[i] = i < loads ? *(const unsigned short *)(p + (long)i * blockDim.x * pitch) : 0;
#pragma unroll
    for (int i = 0; i < 8; i++) sum += v[i];
    __syncthreads();
    long long end = clock64();
    if (threadIdx.x == 0) out[blockIdx.x] = end - start;
    if (sum == 12345u) out[0] = 0;
}

int main() {
    cudaMalloc(&source, 4ull << 30);
    cudaMemset(source, 0, 4ull << 30);
    cudaMalloc(&target, 2ull << 30);
    cudaMalloc(&other, 256 << 20);
    cudaMalloc(&cycles, 8 << 20);
    for (int bytes : {2048, 4096, 8192})
        for (int blocks : {132, 320, 528, 640, 768, 1056, 1280})
            for (int count : {4, 8, 24}) {
                measure<false, false>(blocks, bytes, count);
                measure<true, false>(blocks, bytes, count);
                measure<false, true>(blocks, bytes, count);
                measure<true, true>(blocks, bytes, count);
            }
    for (int blocks : {1, 132})
        for (int loads : {1, 2, 4, 8})
            for (long pitch : {32l, 160l, 256l}) {
                std::vector<long long> host(blocks);
                flush();
                for (int repeat = 0; repeat < 2; repeat++) {
                    strided<<<blocks, 128>>>(source, loads, pitch, cycles);
                    cudaMemcpy(host.data(), cycles, 8 * blocks, cudaMemcpyDeviceToHost);
                }
                double sum = 0;
                for (auto value : host) sum += value;
                printf("strided, in L2,%d blocks of 128,%d loads,%ld B pitch,%.0f cycles\n", blocks, loads, pitch, sum / blocks);
            }
    fprintf(stderr, "%s\n", cudaGetErrorString(cudaGetLastError()));
}
