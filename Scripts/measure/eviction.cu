// What eviction hints do in the L2: a set of lines is read, a stream passes, and the set is read again.
// Build: nvcc -O3 -arch=sm_90 -o eviction eviction.cu    Output: CSV; Nsight Compute counts the last of each three launches:
//   ncu --cache-control none --profile-from-start off --metrics dram__bytes_read.sum,lts__t_sectors_op_read.sum \
//       --csv --page raw --log-file raw.csv ./eviction > cases.csv, then python3 eviction.py cases.csv raw.csv h200_eviction.csv
#include <cstdio>
#include <cstdlib>
#include <cuda_profiler_api.h>
#include <cuda_runtime.h>

#include "check.h"

enum Hint { NORMAL, FIRST, LAST };
const char *names[] = {"normal", "evict_first", "evict_last"};

template <int HINT> __device__ uint4 load(const uint4 *at) {
    uint4 v;
    unsigned long policy;
    if (HINT == NORMAL) {
        asm volatile("ld.global.L1::no_allocate.v4.u32 {%0,%1,%2,%3},[%4];" : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w) : "l"(at));
        return v;
    }
    if (HINT == FIRST) asm volatile("createpolicy.fractional.L2::evict_first.b64 %0, 1.0;" : "=l"(policy));
    if (HINT == LAST) asm volatile("createpolicy.fractional.L2::evict_last.b64 %0, 1.0;" : "=l"(policy));
    asm volatile("ld.global.L1::no_allocate.L2::cache_hint.v4.u32 {%0,%1,%2,%3},[%4],%5;"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w) : "l"(at), "l"(policy));
    return v;
}

template <int HINT> __global__ void pass(const uint4 *from, long count, uint4 *sink) {
    uint4 sum = {0, 0, 0, 0};
    for (long i = blockIdx.x * (long)blockDim.x + threadIdx.x; i < count; i += (long)gridDim.x * blockDim.x) sum.x ^= load<HINT>(from + i).x;
    if (sum.x == 0x12345678) *sink = sum;
}

void run(int hint, const uint4 *from, long bytes, uint4 *sink) {
    long count = bytes / 16;
    if (hint == NORMAL) pass<NORMAL><<<132 * 4, 512>>>(from, count, sink);
    if (hint == FIRST) pass<FIRST><<<132 * 4, 512>>>(from, count, sink);
    if (hint == LAST) pass<LAST><<<132 * 4, 512>>>(from, count, sink);
    CHECK(cudaDeviceSynchronize());
}

int main() {
    uint4 *set, *stream, *sink;
    CHECK(cudaMalloc(&set, 64l << 20));
    CHECK(cudaMalloc(&stream, 512l << 20));
    CHECK(cudaMalloc(&sink, 64));
    CHECK(cudaMemset(set, 1, 64l << 20));
    CHECK(cudaMemset(stream, 1, 512l << 20));
    printf("before,set_hint,set_MiB,stream_hint,stream_MiB\n");
    auto flush = [&] { run(NORMAL, stream, 512l << 20, sink); };
    auto count = [&](const char *before, int own, int size, int other, int length) {
        cudaProfilerStart();
        run(NORMAL, set, (long)size << 20, sink);
        cudaProfilerStop();
        printf("%s,%s,%d,%s,%d\n", before, names[own], size, names[other], length);
    };
    for (int own = 0; own < 3; own++)
        for (int other = 0; other < 3; other++)
            for (int size : {8, 16, 24})
                for (int length : {0, 8, 16, 24, 32, 64, 128}) {
                    flush();
                    run(own, set, (long)size << 20, sink);
                    if (length) run(other, stream, (long)length << 20, sink);
                    count("nothing", own, size, other, length);
                }
    // What a set has left of an L2 full of lines that leave last: it is read, and counted when read again.
    for (int length : {0, 8, 16, 24, 32, 64, 128})
        for (int size : {1, 2, 4, 8, 16, 24}) {
            flush();
            if (length) run(LAST, stream, (long)length << 20, sink);
            run(NORMAL, set, (long)size << 20, sink);
            count("stream", NORMAL, size, LAST, length);
        }
    // Whether a read without a hint makes such lines ordinary again.
    for (int length : {0, 16, 32, 64, 128}) {
        flush();
        run(LAST, set, 16l << 20, sink);
        run(NORMAL, set, 16l << 20, sink);
        if (length) run(NORMAL, stream, (long)length << 20, sink);
        count("normal read", LAST, 16, NORMAL, length);
    }
    // Whether a read with a hint changes lines that are there already.
    for (int size : {8, 16, 24})
        for (int hint : {NORMAL, FIRST, LAST})
            for (int times : {1, 3})
                for (int length : {0, 8, 16, 32, 64, 128, 512}) {
                    flush();
                    run(NORMAL, set, (long)size << 20, sink);
                    for (int i = 0; i < times; i++) run(hint, set, (long)size << 20, sink);
                    if (length) run(NORMAL, stream, (long)length << 20, sink);
                    char before[64];
                    snprintf(before, 64, "%s read x%d", names[hint], times);
                    count(before, NORMAL, size, NORMAL, length);
                }
    // How long they stay when nobody reads them.
    for (int length : {256, 512})
        for (int times : {1, 4}) {
            flush();
            run(LAST, set, 16l << 20, sink);
            for (int i = 0; i < times; i++) run(NORMAL, stream, (long)length << 20, sink);
            count("nothing", LAST, 16, NORMAL, length * times);
        }
}
