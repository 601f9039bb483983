// How many lines a GPC's request coalescer remembers, for which kinds of loads, and what displaces them.
// Build: nvcc -O2 -arch=sm_90 -o coalescer coalescer.cu
// Run under: ncu --cache-control all --clock-control none -k regex:follow --csv --page raw --metrics
//   lts__t_sectors_srcunit_tex_op_read.sum,l1tex__m_xbar2l1tex_read_sectors.sum ./coalescer
// Prints one line a launch, in the order of ncu's rows: kind, lag of the second reader in cycles, other readers, lines read.
#include <cstdio>
#include <cstdlib>
#include <vector>

enum Kind { PLAIN, UNCACHED, COPY };

__device__ unsigned long long globalTime() {
    unsigned long long time;
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(time));
    return time;
}

// Each SM with a delay of 0 or more reads `lines` lines of 128 bytes from its own offset, 16 bytes a lane, from one moment plus its delay on.
template <Kind kind> __global__ void follow(const char *data, int lines, const int *delays, const long long *offsets, int passes,
                                            unsigned long long *moment, unsigned *sink) {
    extern __shared__ __align__(16) char staging[];
    unsigned sm;
    asm volatile("mov.u32 %0, %%smid;" : "=r"(sm));
    int delay = delays[sm];
    if (delay < 0) return;
    const char *own = data + offsets[sm];
    __shared__ unsigned long long start;
    if (threadIdx.x == 0) {
        atomicCAS(moment, 0ull, globalTime() + 6000);
        start = *(volatile unsigned long long *)moment;
    }
    __syncthreads();
    while (globalTime() < start) {}
    for (long long from = clock64(); clock64() - from < delay;) {}
    unsigned all = 0;
    int units = lines * 8;
    for (int pass = 0; pass < passes; pass++)
        for (int first = threadIdx.x; first < units; first += blockDim.x * 8) {
#pragma unroll
            for (int step = 0; step < 8; step++) {
                int unit = first + step * blockDim.x;
                if (unit >= units) continue;
                const char *address = own + (size_t)unit * 16;
                if (kind == COPY) {
                    unsigned to = (unsigned)__cvta_generic_to_shared(staging + (step * 512 + threadIdx.x) * 16);
                    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(address));
                } else {
                    uint4 value;
                    if (kind == PLAIN)
                        asm volatile("ld.global.v4.u32 {%0,%1,%2,%3}, [%4];"
                                     : "=r"(value.x), "=r"(value.y), "=r"(value.z), "=r"(value.w) : "l"(address));
                    else
                        asm volatile("ld.global.cg.v4.u32 {%0,%1,%2,%3}, [%4];"
                                     : "=r"(value.x), "=r"(value.y), "=r"(value.z), "=r"(value.w) : "l"(address));
                    all ^= value.x ^ value.y ^ value.z ^ value.w;
                }
            }
            if (kind == COPY) asm volatile("cp.async.wait_all;");
        }
    if (all == 0x1234567) *sink = all;
}

// At even times one warp of each reader reads a line of 128 bytes, `delay` cycles after the first one; with `warms`, a reader far away has
// read the line before, so that it is in the L2.
__global__ void followOne(const char *data, const int *delays, int turns, unsigned long long *moment, unsigned *sink) {
    unsigned sm;
    asm volatile("mov.u32 %0, %%smid;" : "=r"(sm));
    int delay = delays[sm];
    if (delay < 0 || threadIdx.x >= 32) return;
    unsigned long long start;
    if (threadIdx.x == 0) atomicCAS(moment, 0ull, globalTime() + 10000);
    __syncwarp();
    start = *(volatile unsigned long long *)moment;
    unsigned all = 0;
    bool warms = delay == 100000;
    for (int turn = 0; turn < turns; turn++) {
        unsigned long long when = start + turn * 4000ull - (warms ? 2000 : 0);
        while (globalTime() < when) {}
        if (!warms)
            for (long long from = clock64(); clock64() - from < delay;) {}
        unsigned value;
        asm volatile("ld.global.cg.u32 %0, [%1];" : "=r"(value) : "l"(data + (size_t)turn * 8192 + threadIdx.x * 4) : "memory");
        all ^= value;
        if (all == 0x1234567) *sink = all;
    }
}

int main() {
    char *data;
    int *delays;
    long long *offsets;
    unsigned long long *moment;
    unsigned *sink;
    if (cudaMalloc(&data, 512 << 20) || cudaMallocManaged(&delays, 4096) || cudaMallocManaged(&offsets, 4096) || cudaMalloc(&moment, 64) ||
        cudaMalloc(&sink, 64))
        return 1;
    cudaMemset(data, 0, 512 << 20);
    auto all = {follow<PLAIN>, follow<UNCACHED>, follow<COPY>};
    cudaFuncSetAttribute(followOne, cudaFuncAttributeMaxDynamicSharedMemorySize, 200 * 1024);
    for (auto kernel : all) cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, 200 * 1024);
    const char *names[] = {"plain", "uncached", "copy"};
    // Readers: SM, delay, offset in bytes.
    struct Reader { int sm, delay; long long offset; };
    auto measure = [&](int kind, const char *what, std::vector<Reader> readers, int lines, int passes = 1) {
        for (int sm = 0; sm < 132; sm++) delays[sm] = -1;
        for (auto &reader : readers) { delays[reader.sm] = reader.delay; offsets[reader.sm] = reader.offset; }
        cudaMemset(moment, 0, 64);
        cudaDeviceSynchronize();
        all.begin()[kind]<<<132, 512, 200 * 1024>>>(data, lines, delays, offsets, passes, moment, sink);
        cudaError_t error = cudaDeviceSynchronize();
        printf("%s,%s,%d,%zu,%d,%d%s\n", names[kind], what, readers.back().delay, readers.size(), lines, passes,
               error ? cudaGetErrorString(error) : "");
    };
    const long long far = 64 << 20;
    for (int kind = 0; kind < 3; kind++)
        for (int lag : {0, 500, 2000, 4000, 8000, 12000, 16000, 24000, 32000, 64000})
            measure(kind, "pair", {{0, 0, 0}, {16, lag, 0}}, 32768);
    // Two readers of other lines beside the pair.
    for (int kind = 0; kind < 3; kind += 2)
        for (int lag : {500, 2000, 4000, 8000, 16000})
            measure(kind, "pair+2", {{32, 0, far}, {48, 0, 2 * far}, {0, 0, 0}, {16, lag, 0}}, 32768);
    for (int lag : {500, 2000, 4000, 8000, 16000})
        measure(2, "pair+6", {{32, 0, far}, {48, 0, 2 * far}, {17, 0, 3 * far}, {33, 0, 4 * far}, {49, 0, 5 * far}, {1, 0, 6 * far}, {0, 0, 0}, {16, lag, 0}}, 32768);
    // Four and eight readers that follow each other at equal lags.
    for (int lag : {0, 500, 2000, 4000, 8000}) {
        measure(2, "four", {{0, 0, 0}, {16, lag, 0}, {32, 2 * lag, 0}, {48, 3 * lag, 0}}, 32768);
        measure(2, "eight", {{0, 0, 0}, {16, lag, 0}, {32, 2 * lag, 0}, {48, 3 * lag, 0}, {17, 4 * lag, 0}, {33, 5 * lag, 0}, {49, 6 * lag, 0}, {1, 7 * lag, 0}}, 32768);
    }
    for (int warm = 0; warm < 2; warm++)
        for (int lag = 0; lag <= (warm ? 600 : 1200); lag += warm ? 30 : 60) {
            for (int sm = 0; sm < 132; sm++) delays[sm] = -1;
            delays[0] = 0;
            delays[16] = lag;
            if (warm) delays[2] = 100000;
            cudaMemset(moment, 0, 64);
            cudaDeviceSynchronize();
            followOne<<<132, 512, 200 * 1024>>>(data, delays, 2048, moment, sink);
            cudaError_t error = cudaDeviceSynchronize();
            printf("%s,one,%d,%d,%d,%d%s\n", warm ? "warm" : "cold", lag, warm ? 3 : 2, 2048, 1, error ? cudaGetErrorString(error) : "");
        }
    // One SM and two SMs that read a small footprint again and again.
    for (int lines : {64, 256, 512, 1024, 2048, 4096}) {
        measure(1, "again", {{0, 0, 0}}, lines, 16);
        measure(1, "again", {{0, 0, 0}, {16, 500, 0}}, lines, 16);
        measure(1, "again", {{0, 0, 0}, {16, 500, 0}, {32, 1000, 0}, {48, 1500, 0}}, lines, 16);
    }
}
