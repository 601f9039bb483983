// Bytes a cycle that an SM takes from the L2, by who is at work beside it: groups of SMs of one GPC, one to all GPCs, and
// SMs that read the same data in step. With the counters below: how many of these reads the L2 sees.
// Build: nvcc -O3 -arch=sm_90a -o fill_groups fill_groups.cu
// Prints CSV: access, threads, SMs of a cluster, clusters at work, SMs that read the same data, bytes a cycle and SM (mean
// and slowest). Every second launch counts. Run alone for the rates, and for the counters under: ncu --clock-control none
//   --cache-control none --csv --page raw --metrics
//   lts__t_sectors_srcunit_tex_op_read.sum,l1tex__m_xbar2l1tex_read_sectors.sum ./fill_groups
#include "check.h"
#include <cooperative_groups.h>
#include <cstdint>

namespace cg = cooperative_groups;

enum Access { load, copy, bulk };

__device__ uint32_t sharedAddress(const void *at) { return (uint32_t)__cvta_generic_to_shared(at); }

// Reads `bytes`, a multiple of 64 KiB, once.
template <Access access> __device__ unsigned take(const char *mine, int bytes, char *buffer, uint64_t *barriers, int &phase) {
    unsigned sum = 0;
    int step = blockDim.x * 16;
    if (access == bulk) {
        if (threadIdx.x != 0) return 0;
        for (int at = 0; at < bytes + 65536; at += 32768) {
            int slot = at / 32768 & 1;
            uint32_t barrier = sharedAddress(&barriers[slot]);
            if (at >= 65536) {
                uint32_t done = 0;
                while (!done)
                    asm volatile("{ .reg .pred p; mbarrier.try_wait.parity.shared.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }"
                                 : "=r"(done)
                                 : "r"(barrier), "r"(phase >> slot & 1)
                                 : "memory");
                phase ^= 1 << slot;
            }
            if (at < bytes) {
                asm volatile("mbarrier.arrive.expect_tx.shared.b64 _, [%0], 32768;" ::"r"(barrier) : "memory");
                for (int part = 0; part < 2; part++)
                    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], 16384, [%2];" ::"r"(
                                     sharedAddress(buffer + slot * 32768 + part * 16384)),
                                 "l"(mine + at + part * 16384), "r"(barrier)
                                 : "memory");
            }
        }
        return 0;
    }
    for (int at = threadIdx.x * 16; at < bytes; at += step * 4) {
        uint4 v[4];
#pragma unroll
        for (int u = 0; u < 4; u++)
            if (access == copy)
                asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(
                                 sharedAddress(buffer + (threadIdx.x + u * blockDim.x) * 16)),
                             "l"(mine + at + (size_t)u * step)
                             : "memory");
            else
                asm volatile("ld.global.cg.v4.u32 {%0,%1,%2,%3},[%4];"
                             : "=r"(v[u].x), "=r"(v[u].y), "=r"(v[u].z), "=r"(v[u].w)
                             : "l"(mine + at + (size_t)u * step));
        if (access == copy) {
            asm volatile("cp.async.commit_group;" ::: "memory");
            asm volatile("cp.async.wait_group 2;" ::: "memory");
        } else {
#pragma unroll
            for (int u = 0; u < 4; u++) sum ^= v[u].x ^ v[u].y ^ v[u].z ^ v[u].w;
        }
    }
    if (access == copy) asm volatile("cp.async.wait_group 0;" ::: "memory");
    return sum;
}

// The blocks of a cluster lie in one GPC. Clusters from `active` on do nothing. `share` neighbours read the same data, and
// other data in each repetition.
template <Access access>
__global__ void fill(const char *data, int bytes, int repetitions, int active, int share, unsigned *sink, long long *cycles) {
    extern __shared__ __align__(128) char buffer[];
    __shared__ uint64_t barriers[2];
    if (threadIdx.x < 2) asm volatile("mbarrier.init.shared.b64 [%0], 1;" ::"r"(sharedAddress(&barriers[threadIdx.x])));
    asm volatile("fence.mbarrier_init.release.cluster;");
    auto cluster = cg::this_cluster();
    int size = cluster.num_blocks();
    int number = blockIdx.x / size;
    int group = number * size + cluster.block_rank() / share * share;
    unsigned sum = 0;
    long long total = 0;
    int phase = 0;
    for (int r = 0; r < repetitions; r++) {
        cluster.sync();
        long long begin = clock64();
        if (number < active)
            sum ^= take<access>(data + ((size_t)group + r % 2 * 132) * bytes, bytes, buffer, barriers, phase);
        __syncthreads();
        if (r > 1) total += clock64() - begin;
    }
    sink[threadIdx.x + blockIdx.x * blockDim.x] = sum;
    if (threadIdx.x == 0) cycles[blockIdx.x] = total;
    cluster.sync();
}

template <Access access> void measure(const char *name, int threads) {
    static char *data;
    static unsigned *sink;
    static long long *cycles;
    const int bytes = 64 << 10, repetitions = 34;
    if (!data) {
        CHECK(cudaMalloc(&data, 64 << 20));
        CHECK(cudaMemset(data, 0, 64 << 20));
        CHECK(cudaMalloc(&sink, 4 << 20));
        CHECK(cudaMalloc(&cycles, 1 << 16));
    }
    CHECK(cudaFuncSetAttribute(fill<access>, cudaFuncAttributeNonPortableClusterSizeAllowed, 1));
    CHECK(cudaFuncSetAttribute(fill<access>, cudaFuncAttributeMaxDynamicSharedMemorySize, 200 * 1024));
    for (int size : {4, 16}) {
        cudaLaunchConfig_t config = {};
        cudaLaunchAttribute attribute;
        attribute.id = cudaLaunchAttributeClusterDimension;
        attribute.val.clusterDim.x = size;
        attribute.val.clusterDim.y = attribute.val.clusterDim.z = 1;
        config.blockDim = threads;
        config.dynamicSmemBytes = 200 * 1024;
        config.attrs = &attribute;
        config.numAttrs = 1;
        config.gridDim = size;
        int most = 0;
        CHECK(cudaOccupancyMaxActiveClusters(&most, fill<access>, &config));
        for (int active : {1, most})
            for (int share = 1; share <= size; share *= 2) {
                config.gridDim = active * size;
                for (int i = 0; i < 2; i++)
                    CHECK(cudaLaunchKernelEx(&config, fill<access>, (const char *)data, bytes, repetitions, active, share,
                                             sink, cycles));
                static long long host[256];
                CHECK(cudaMemcpy(host, cycles, 8 * active * size, cudaMemcpyDeviceToHost));
                double mean = 0, worst = 0;
                for (int i = 0; i < active * size; i++) {
                    mean += (double)host[i] / (active * size);
                    if (host[i] > worst) worst = host[i];
                }
                double moved = (double)bytes * (repetitions - 2);
                printf("%s,%d,%d,%d,%d,%.1f,%.1f\n", name, threads, size, active, share, moved / mean, moved / worst);
            }
    }
}

int main() {
    printf("access,threads,cluster_sms,clusters,sharing_sms,bytes_per_cycle_per_sm,slowest\n");
    measure<load>("ld.cg", 256);
    measure<load>("ld.cg", 1024);
    measure<copy>("cp.async.cg", 128);
    measure<copy>("cp.async.cg", 256);
    measure<copy>("cp.async.cg", 512);
    measure<bulk>("bulk", 32);
    return 0;
}
