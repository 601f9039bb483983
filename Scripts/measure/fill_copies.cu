// Bytes a cycle that an SM takes from the L2 with asynchronous copies, by their kind, threads and rows.
// Build: nvcc -O3 -arch=sm_90a -o fill_copies fill_copies.cu
// Prints CSV: access, blocks, threads, bytes of a row or piece, bytes a cycle and SM.
#include "check.h"
#include <cstdint>

__device__ uint32_t sharedAddress(const void *at) { return (uint32_t)__cvta_generic_to_shared(at); }

// A block copies `bytes` of its own `repetitions` times. Rows of `row` bytes lie `pitch` bytes apart. A thread commits
// `unroll` copies of 16 bytes as a group and lets one group be on its way while it begins the next.
template <int row, bool throughL1>
__global__ void copies(const char *data, int bytes, int pitch, int repetitions, long long *cycles) {
    extern __shared__ char buffer[];
    constexpr int unroll = 4;
    const char *mine = data + (size_t)blockIdx.x * (bytes / row) * pitch;
    uint32_t to = sharedAddress(buffer + threadIdx.x * 16);
    __syncthreads();
    long long begin = clock64();
    for (int r = 0; r < repetitions; r++)
        for (int at = threadIdx.x * 16; at < bytes; at += blockDim.x * 16 * unroll) {
#pragma unroll
            for (int u = 0; u < unroll; u++) {
                int place = at + u * blockDim.x * 16;
                const char *from = mine + (size_t)(place / row) * pitch + place % row;
                if (throughL1)
                    asm volatile("cp.async.ca.shared.global [%0], [%1], 16;" ::"r"(to + u * blockDim.x * 16), "l"(from) : "memory");
                else
                    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to + u * blockDim.x * 16), "l"(from) : "memory");
            }
            asm volatile("cp.async.commit_group;" ::: "memory");
            asm volatile("cp.async.wait_group 2;" ::: "memory");
        }
    asm volatile("cp.async.wait_group 0;" ::: "memory");
    __syncthreads();
    if (threadIdx.x == 0) cycles[blockIdx.x] = clock64() - begin;
}

// One thread copies groups of four pieces of `piece` bytes in bulk and lets `depth` groups be on their way.
template <int depth> __global__ void bulk(const char *data, int bytes, int piece, int repetitions, long long *cycles) {
    extern __shared__ char buffer[];
    __shared__ uint64_t barriers[8];
    const char *mine = data + (size_t)blockIdx.x * bytes;
    if (threadIdx.x == 0) {
        for (int i = 0; i < depth; i++) asm volatile("mbarrier.init.shared.b64 [%0], 1;" ::"r"(sharedAddress(&barriers[i])));
        asm volatile("fence.mbarrier_init.release.cluster;");
        long long begin = clock64();
        int total = bytes / piece / 4 * repetitions;
        for (int n = 0; n < total + depth; n++) {
            int slot = n % depth;
            uint32_t barrier = sharedAddress(&barriers[slot]);
            if (n >= depth) {
                uint32_t parity = (n / depth - 1) & 1, done = 0;
                while (!done)
                    asm volatile("{ .reg .pred p; mbarrier.try_wait.parity.shared.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }"
                                 : "=r"(done)
                                 : "r"(barrier), "r"(parity)
                                 : "memory");
            }
            if (n < total) {
                asm volatile("mbarrier.arrive.expect_tx.shared.b64 _, [%0], %1;" ::"r"(barrier), "r"(4 * piece) : "memory");
                for (int part = 0; part < 4; part++)
                    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(
                                 sharedAddress(buffer + (slot * 4 + part) * piece)),
                                 "l"(mine + (size_t)((n * 4 + part) & (bytes / piece - 1)) * piece), "r"(piece), "r"(barrier)
                             : "memory");
            }
        }
        cycles[blockIdx.x] = clock64() - begin;
    }
}

static long long *cycles;

double mean(int blocks) {
    static long long host[256];
    CHECK(cudaMemcpy(host, cycles, 8 * blocks, cudaMemcpyDeviceToHost));
    double sum = 0;
    for (int i = 0; i < blocks; i++) sum += (double)host[i] / blocks;
    return sum;
}

template <int row, bool throughL1> void measure(const char *data, int blocks, int threads) {
    const int bytes = 128 << 10, repetitions = 8, pitch = row < 512 ? 1024 : row;
    auto kernel = copies<row, throughL1>;
    CHECK(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, 200 * 1024));
    // The second launch finds all data in the L2.
    for (int i = 0; i < 2; i++) kernel<<<blocks, threads, 150 * 1024>>>(data, bytes, pitch, repetitions, cycles);
    printf("cp.async.%s,%d,%d,%d,%.1f\n", throughL1 ? "ca" : "cg", blocks, threads, row,
           (double)bytes * repetitions / mean(blocks));
}

template <int depth> void measureBulk(const char *data, int blocks, int piece) {
    CHECK(cudaFuncSetAttribute(bulk<depth>, cudaFuncAttributeMaxDynamicSharedMemorySize, 200 * 1024));
    for (int i = 0; i < 2; i++) bulk<depth><<<blocks, 32, 4 * depth * piece>>>(data, 128 << 10, piece, 8, cycles);
    printf("bulk_%d,%d,32,%d,%.1f\n", depth, blocks, piece, (double)(128 << 10) * 8 / mean(blocks));
}

int main() {
    char *data;
    CHECK(cudaMalloc(&data, 512 << 20));
    CHECK(cudaMemset(data, 0, 512 << 20));
    CHECK(cudaMalloc(&cycles, 1 << 16));
    printf("access,blocks,threads,row_bytes,bytes_per_cycle_per_sm\n");
    for (int blocks : {1, 132})
        for (int threads : {128, 256, 512, 1024}) {
            measure<512, false>(data, blocks, threads);
            measure<512, true>(data, blocks, threads);
            if (blocks > 1) continue;
            measure<64, false>(data, blocks, threads);
            measure<128, false>(data, blocks, threads);
            measure<128, true>(data, blocks, threads);
        }
    for (int blocks : {1, 132})
        for (int piece : {4096, 8192, 16384}) {
            measureBulk<1>(data, blocks, piece);
            measureBulk<2>(data, blocks, piece);
            if (piece < 16384) measureBulk<4>(data, blocks, piece);
        }
    return 0;
}
