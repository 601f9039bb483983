// Reductions and atomics: rates over spread and contended words, latencies, fences behind stores, acquire-release atomics.
// Build: nvcc -O3 -arch=sm_90 -o atomics atomics.cu    Output: CSV, one row a launch.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cuda_runtime.h>
#include <vector>

#include "check.h"

// Where the lanes of a warp's n-th instruction go: a piece every `step` bytes of `foot`, and in it `words` words `stride` bytes apart.
struct Pattern {
    long step, foot;
    int active, words, stride;
};

__device__ char *place(char *data, Pattern p, long number) {
    int lane = threadIdx.x & 31;
    return data + ((number * p.step) & (p.foot - 1)) + (lane % p.words) * p.stride;
}

template <int KIND> __global__ void rate(char *data, Pattern p, int count, long long *cycles) {
    long warps = (long)gridDim.x * (blockDim.x / 32), warp = blockIdx.x * (long)(blockDim.x / 32) + threadIdx.x / 32;
    long long start = clock64();
    if ((threadIdx.x & 31) < p.active)
        for (int i = 0; i < count; i++) {
            char *to = place(data, p, warp + i * warps);
            if (KIND == 0) asm volatile("red.relaxed.gpu.global.add.f32 [%0],%1;" ::"l"(to), "f"(1.0f) : "memory");
            if (KIND == 1) asm volatile("red.relaxed.gpu.global.add.u32 [%0],%1;" ::"l"(to), "r"(1) : "memory");
            if (KIND == 2) asm volatile("st.global.cg.f32 [%0],%1;" ::"l"(to), "f"(1.0f) : "memory");
            if (KIND == 3) {
                float old;
                asm volatile("atom.relaxed.gpu.global.add.f32 %0,[%1],%2;" : "=f"(old) : "l"(to), "f"(1.0f) : "memory");
                if (old == 1.5e30f) cycles[1] = 1;
            }
        }
    __threadfence();
    if (threadIdx.x == 0 && blockIdx.x == 0) cycles[0] = clock64() - start;
}

template <int KIND> void rates(const char *name, const char *what, char *data, long long *cycles, Pattern p, int blocks, int threads, int count) {
    cudaEvent_t start, stop;
    cudaEventCreate(&start);
    cudaEventCreate(&stop);
    float least = 1e30f;
    for (int repeat = 0; repeat < 3; repeat++) {
        cudaEventRecord(start);
        rate<KIND><<<blocks, threads>>>(data, p, count, cycles);
        cudaEventRecord(stop);
        CHECK(cudaEventSynchronize(stop));
        float ms;
        cudaEventElapsedTime(&ms, start, stop);
        least = std::min(least, ms);
    }
    long long host;
    CHECK(cudaMemcpy(&host, cycles, 8, cudaMemcpyDeviceToHost));
    double warps = (double)blocks * (threads / 32) * count;
    printf("rate,%s,%s,blocks %d,threads %d,step %ld,foot %ld,lanes %d,words %d,stride %d,us %.2f,block0 cycles %lld,warps/us %.1f,cycles/warp %.3f\n",
           name, what, blocks, threads, p.step, p.foot, p.active, p.words, p.stride, least * 1e3, host, warps / (least * 1e3),
           (double)host / ((double)(threads / 32) * count * blocks));
}

// One thread: latency of an atomic with result, of a plain load past L1, and of a fence behind a store, to `count` lines.
// A value put into shared memory has arrived, so that the clock read behind it is read after its arrival.
__global__ void latency(char *data, int count, int *out) {
    __shared__ volatile float arrived;
    for (int repeat = 0; repeat < 3; repeat++)
        for (int i = 0; i < count; i++) {
            char *at = data + i * 4096l;
            float value;
            int a = clock();
            asm volatile("atom.relaxed.gpu.global.add.f32 %0,[%1],%2;" : "=f"(value) : "l"(at), "f"(1.0f) : "memory");
            arrived = value;
            int b = clock();
            asm volatile("ld.relaxed.gpu.global.f32 %0,[%1];" : "=f"(value) : "l"(at) : "memory");
            arrived = value;
            int c = clock();
            asm volatile("st.global.f32 [%0],%1;" ::"l"(at), "f"(2.0f) : "memory");
            int d = clock();
            asm volatile("fence.acq_rel.gpu;" ::: "memory");
            int e = clock();
            int *to = out + 4 * i;
            int seen[4] = {b - a, c - b, e - d, 0};
            for (int k = 0; k < 3; k++)
                if (repeat == 0 || seen[k] < to[k]) to[k] = seen[k];
        }
}

// Every warp: `stores` lines stored, then what KIND says, `count` times; mean cycles a trip.
template <int KIND> __global__ void trips(char *data, char *words, int stride, int lanes, int stores, int count, float *out) {
    long warp = blockIdx.x * (long)(blockDim.x / 32) + threadIdx.x / 32;
    int lane = threadIdx.x & 31;
    char *own = data + ((warp * 64 * 128) & ((64l << 20) - 1)) + lane * 4;
    char *word = words + warp * stride + lane * 4;
    __shared__ volatile float arrived[1024];
    __syncthreads();
    long long start = clock64(), waited = 0;
    for (int i = 0; i < count; i++) {
        for (int s = 0; s < stores; s++) asm volatile("st.global.f32 [%0],%1;" ::"l"(own + (s & 63) * 128), "f"(1.0f) : "memory");
        float old = 0;
        long long before = clock64();
        if (KIND == 0) asm volatile("fence.acq_rel.gpu;" ::: "memory");
        if (lane < lanes) {
            if (KIND == 1) asm volatile("atom.relaxed.gpu.global.add.f32 %0,[%1],%2;" : "=f"(old) : "l"(word), "f"(1.0f) : "memory");
            if (KIND == 2) asm volatile("atom.acq_rel.gpu.global.add.f32 %0,[%1],%2;" : "=f"(old) : "l"(word), "f"(1.0f) : "memory");
            if (KIND == 3) asm volatile("atom.release.gpu.global.add.f32 %0,[%1],%2;" : "=f"(old) : "l"(word), "f"(1.0f) : "memory");
            if (KIND == 4) asm volatile("atom.acquire.gpu.global.add.f32 %0,[%1],%2;" : "=f"(old) : "l"(word), "f"(1.0f) : "memory");
        }
        if (KIND != 0) arrived[threadIdx.x] = old;
        waited += clock64() - before;
    }
    if (threadIdx.x == 0) {
        out[2 * blockIdx.x] = (float)(clock64() - start) / count;
        out[2 * blockIdx.x + 1] = (float)waited / count;
    }
}

template <int KIND> void tripRow(const char *what, char *data, float *out, int blocks, int threads, int stride, int lanes, int stores) {
    int count = blocks > 1000 || stride == 0 ? 32 : 128;
    for (int repeat = 0; repeat < 2; repeat++)
        trips<KIND><<<blocks, threads>>>(data, data + (128l << 20), stride, lanes, stores, count, out);
    std::vector<float> host(2 * blocks);
    CHECK(cudaMemcpy(host.data(), out, 8 * blocks, cudaMemcpyDeviceToHost));
    double all = 0, wait = 0;
    for (int i = 0; i < blocks; i++) all += host[2 * i], wait += host[2 * i + 1];
    printf("trip,%s,blocks %d,threads %d,stride %d,lanes %d,stores %d,cycles %.0f,of it waiting %.0f\n", what, blocks, threads, stride, lanes,
           stores, all / blocks, wait / blocks);
}

template <int KIND> void tripRows(const char *what, char *data, float *out) {
    for (int blocks : {1, 132, 528, 1056})
        for (int threads : {32, 128})
            for (int stride : {128, 0})
                for (int stores : {0, 1, 8, 32})
                    if (stride == 128 || (KIND != 0 && stores == 0)) tripRow<KIND>(what, data, out, blocks, threads, stride, 32, stores);
}

int main(int argc, char **) {
    char *data;
    long long *cycles;
    CHECK(cudaMalloc(&data, 256 << 20));
    CHECK(cudaMemset(data, 0, 256 << 20));
    CHECK(cudaMalloc(&cycles, 1 << 16));
    const long M = 1 << 20;
    for (int blocks : {1, 8, 132, 528}) {
        int count = blocks == 1 ? 2048 : blocks == 8 ? 1024 : 256;
        Pattern spread[] = {{128, 8 * M, 32, 32, 4}, {1024, 8 * M, 32, 32, 32}, {4096, 8 * M, 32, 32, 128}, {128, 8 * M, 8, 8, 4}, {128, 8 * M, 1, 1, 4},
                            {128, 8 * M, 32, 1, 4}, {128, 8 * M, 32, 2, 4}, {128, 8 * M, 32, 4, 4}, {128, 8 * M, 32, 8, 4}, {128, 8 * M, 32, 16, 4}, {128, 8 * M, 16, 16, 4},
                            {128, 8 * M, 32, 4, 32}, {128, 8 * M, 4, 4, 32}};
        for (Pattern p : spread) {
            rates<0>("red.f32", "spread", data, cycles, p, blocks, 512, count);
            if (blocks != 8 && p.words != 16) rates<1>("red.u32", "spread", data, cycles, p, blocks, 512, count);
            if (blocks != 8 && p.active == p.words) rates<2>("st.f32", "spread", data, cycles, p, blocks, 512, count);
            if (blocks != 8 && p.active == p.words) rates<3>("atom.f32", "spread", data, cycles, p, blocks, 512, count);
        }
        for (int lines = 1; lines <= 1024; lines *= 4) {
            rates<0>("red.f32", "one word a line", data, cycles, {128, 128l * lines, 1, 1, 4}, blocks, 512, count);
            rates<0>("red.f32", "32 words a line", data, cycles, {128, 128l * lines, 32, 32, 4}, blocks, 512, count);
            if (lines == 1) {
                rates<0>("red.f32", "one word, all lanes", data, cycles, {128, 128, 32, 1, 4}, blocks, 512, count);
                rates<0>("red.f32", "one sector", data, cycles, {128, 128, 8, 8, 4}, blocks, 512, count);
                rates<0>("red.f32", "words of one sector in turn", data, cycles, {4, 32, 1, 1, 4}, blocks, 512, count);
                rates<0>("red.f32", "sectors of one line in turn", data, cycles, {32, 128, 1, 1, 4}, blocks, 512, count);
                rates<1>("red.u32", "one word", data, cycles, {128, 128, 1, 1, 4}, blocks, 512, count);
                rates<1>("red.u32", "one word, all lanes", data, cycles, {128, 128, 32, 1, 4}, blocks, 512, count);
                rates<3>("atom.f32", "one word", data, cycles, {128, 128, 1, 1, 4}, blocks, 512, count);
                rates<3>("atom.f32", "32 words a line", data, cycles, {128, 128, 32, 32, 4}, blocks, 512, count);
            }
        }
    }
    if (argc > 1) return 0;
    int *seen = (int *)cycles, lines = 512;
    latency<<<1, 1>>>(data, lines, seen);
    std::vector<int> host(4 * lines);
    CHECK(cudaMemcpy(host.data(), seen, 16 * lines, cudaMemcpyDeviceToHost));
    const char *names[] = {"atomic with result", "load past L1", "fence behind one store"};
    for (int k = 0; k < 3; k++) {
        std::vector<int> all;
        for (int i = 0; i < lines; i++) all.push_back(host[4 * i + k]);
        std::sort(all.begin(), all.end());
        printf("latency,%s,min %d,p10 %d,p25 %d,p50 %d,p75 %d,p90 %d,max %d\n", names[k], all[0], all[lines / 10], all[lines / 4], all[lines / 2],
               all[lines * 3 / 4], all[lines * 9 / 10], all[lines - 1]);
    }
    float *out = (float *)cycles;
    tripRows<0>("fence", data, out);
    tripRows<1>("atom.relaxed", data, out);
    tripRows<2>("atom.acq_rel", data, out);
    tripRows<3>("atom.release", data, out);
    tripRows<4>("atom.acquire", data, out);
    for (int blocks : {132, 528})
        for (int lanes : {1, 8}) tripRow<2>("atom.acq_rel", data, out, blocks, 128, 128, lanes, 0);
    fprintf(stderr, "%s\n", cudaGetErrorString(cudaGetLastError()));
}
