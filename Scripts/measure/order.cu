// SMs of the blocks of small grids, in block order.
// Build: nvcc -O2 -arch=sm_90 -o order order.cu
#include <cstdio>
#include <cstdlib>

__global__ void report(int *sms) {
    if (threadIdx.x == 0) {
        unsigned sm;
        asm volatile("mov.u32 %0, %%smid;" : "=r"(sm));
        sms[blockIdx.x] = sm;
    }
    for (long long start = clock64(); clock64() - start < 20000;) {}
}

int main() {
    int *sms;
    if (cudaMallocManaged(&sms, 4096 * sizeof(int)) != cudaSuccess) return 1;
    cudaFuncSetAttribute(report, cudaFuncAttributeMaxDynamicSharedMemorySize, 220 * 1024);
    for (int kib : {210, 100, 50, 0}) {
        for (int grid : {8, 12, 16, 20, 24, 32, 40, 48, 64, 80, 100, 128, 160}) {
            report<<<grid, 64, kib * 1024>>>(sms);
            if (cudaDeviceSynchronize() != cudaSuccess) return 1;
            printf("shared %d KiB, %d blocks:", kib, grid);
            for (int block = 0; block < grid; block++) printf(" %d", sms[block]);
            printf("\n");
        }
    }
    return 0;
}
