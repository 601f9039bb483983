// Reads of the same lines by several SMs at once: how many of them the L2 sees.
// Build: nvcc -O2 -arch=sm_90 -o merge merge.cu
// Run under: ncu --cache-control all --clock-control none --replay-mode application -k regex:readTogether --csv --page raw --metrics
//   lts__t_sectors_srcunit_tex_op_read.sum,l1tex__m_xbar2l1tex_read_sectors.sum,lts__t_sectors_srcunit_ltcfabric.sum ./merge
#include <cstdio>
#include <cstdlib>
#include <vector>

__device__ unsigned long long globalTime() {
    unsigned long long time;
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(time));
    return time;
}

// SMs with a delay of 0 or more read `units` units, `stride` bytes apart (16: whole lines, 16 bytes a lane), all from one moment on.
__global__ void readTogether(const char *data, int units, int stride, const int *delays, unsigned long long *moment, unsigned *sink) {
    unsigned sm;
    asm volatile("mov.u32 %0, %%smid;" : "=r"(sm));
    int delay = delays[sm];
    if (delay < 0) return;
    __shared__ unsigned long long start;
    if (threadIdx.x == 0) {
        atomicCAS(moment, 0ull, globalTime() + 6000);
        start = *(volatile unsigned long long *)moment;
    }
    __syncthreads();
    while (globalTime() < start) {}
    for (unsigned from = clock(); clock() - from < (unsigned)delay;) {}
    unsigned all = 0;
    for (int first = threadIdx.x; first < units; first += blockDim.x * 8) {
#pragma unroll
        for (int step = 0; step < 8; step++) {
            int unit = first + step * blockDim.x;
            if (unit >= units) continue;
            if (stride == 16) {
                uint4 value;
                asm volatile("ld.global.cg.v4.u32 {%0,%1,%2,%3}, [%4];"
                             : "=r"(value.x), "=r"(value.y), "=r"(value.z), "=r"(value.w)
                             : "l"(data + (size_t)unit * 16));
                all ^= value.x ^ value.y ^ value.z ^ value.w;
            } else {
                unsigned value;
                asm volatile("ld.global.cg.u32 %0, [%1];" : "=r"(value) : "l"(data + (size_t)unit * stride));
                all ^= value;
            }
        }
    }
    if (all == 0x1234567) *sink = all;
}

int main() {
    char *data;
    int *delays;
    unsigned long long *moment;
    unsigned *sink;
    if (cudaMalloc(&data, 256 << 20) || cudaMallocManaged(&delays, 4096) || cudaMalloc(&moment, 64) || cudaMalloc(&sink, 64)) return 1;
    cudaMemset(data, 0, 256 << 20);
    cudaFuncSetAttribute(readTogether, cudaFuncAttributeMaxDynamicSharedMemorySize, 200 * 1024);
    auto measure = [&](std::vector<int> sms, int lastDelay, int units, int stride) {
        for (int sm = 0; sm < 132; sm++) delays[sm] = -1;
        for (int sm : sms) delays[sm] = 0;
        if (sms.size() > 1) delays[sms.back()] = lastDelay;
        cudaMemset(moment, 0, 8);
        cudaDeviceSynchronize();
        readTogether<<<132, 128, 200 * 1024>>>(data, units, stride, delays, moment, sink);
        if (cudaDeviceSynchronize() != cudaSuccess) exit(1);
        printf("SMs");
        for (int sm : sms) printf(" %d", sm);
        printf(", last %d cycles later, stride %d\n", lastDelay, stride);
    };
    const int pairs[][2] = {{0, 1}, {0, 16}, {0, 48}, {0, 2}, {0, 10}, {0, 124}, {0, 130}, {124, 126}, {126, 2}, {126, 8}, {128, 14}, {12, 120}, {14, 122}};
    for (auto &pair : pairs) measure({pair[0], pair[1]}, 0, 32768, 16);
    const std::vector<int> gpc = {2, 3, 18, 19, 34, 35, 50, 51, 64, 65, 78, 79, 92, 93, 106, 107};
    for (int count : {1, 2, 3, 4, 5, 6, 8, 12, 16}) measure(std::vector<int>(gpc.begin(), gpc.begin() + count), 0, 32768, 16);
    for (int stride : {32, 64, 128, 160})
        for (int count : {1, 2, 4, 8}) measure(std::vector<int>(gpc.begin(), gpc.begin() + count), 0, 8192, stride);
    for (int stride : {16, 160})
        for (int delay : {0, 40, 120, 250, 500, 1000, 2000, 4000}) measure({2, 18}, delay, stride == 16 ? 32768 : 8192, stride);
    return 0;
}
