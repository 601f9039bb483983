// One SM: cycles until rows of 32 to 256 bytes, all asked for at once by 16-byte asynchronous copies past L1, are asked for and there.
// Build: nvcc -O3 -arch=sm_90 -o ports ports.cu
#include <cstdio>
#include <cuda_runtime.h>

__global__ void sweep(const float4 *data, long count, float *sink) {
    float sum = 0;
    for (long i = blockIdx.x * (long)blockDim.x + threadIdx.x; i < count; i += (long)gridDim.x * blockDim.x) {
        float4 v = data[i];
        sum += v.x + v.y + v.z + v.w;
    }
    if (sum == 1.5f) sink[0] = sum;
}

template <int ROW> __global__ void copies(const char *source, int rows, long pitch, long long *out) {
    extern __shared__ char shared[];
    const int perRow = ROW / 16;
    long count = (long)rows * perRow;
    unsigned base = (unsigned)__cvta_generic_to_shared(shared);
    __syncthreads();
    long long start = clock64();
    for (long i = threadIdx.x; i < count; i += blockDim.x) {
        const char *from = source + (i / perRow) * pitch + (i % perRow) * 16;
        unsigned to = base + (i * 16) % (192 * 1024);
        asm volatile("cp.async.cg.shared.global [%0],[%1],16;" ::"r"(to), "l"(from));
    }
    long long issued = clock64();
    asm volatile("cp.async.commit_group;");
    asm volatile("cp.async.wait_all;" ::: "memory");
    __syncthreads();
    long long end = clock64();
    if (threadIdx.x == 0) {
        out[0] = issued - start;
        out[1] = end - start;
    }
}

template <int ROW> void measure(char *source, char *other, long long *cycles) {
    cudaFuncSetAttribute(copies<ROW>, cudaFuncAttributeMaxDynamicSharedMemorySize, 200 * 1024);
    for (long pitch : {(long)ROW, 4096l + 128})
        for (int warm = 0; warm < 2; warm++)
            for (int rows = 32; rows <= 4096 && (long)rows * ROW <= 512 * 1024; rows *= 2) {
                long long best[2] = {1 << 30, 1 << 30};
                for (int repeat = 0; repeat < 3; repeat++) {
                    long long host[2];
                    sweep<<<1056, 256>>>((const float4 *)other, (256l << 20) / 16, (float *)other);
                    for (int run = 0; run <= warm; run++) copies<ROW><<<1, 256, 192 * 1024>>>(source, rows, pitch, cycles);
                    cudaMemcpy(host, cycles, 16, cudaMemcpyDeviceToHost);
                    if (host[1] < best[1]) {
                        best[0] = host[0];
                        best[1] = host[1];
                    }
                }
                printf("%d B rows,%ld B pitch,%s,%d rows,issued after %lld,there after %lld,%.1f B/cycle\n", ROW, pitch,
                       warm ? "L2" : "memory", rows, best[0], best[1], (double)rows * ROW / best[1]);
            }
}

int main() {
    char *source, *other;
    long long *cycles;
    cudaMalloc(&source, 1ull << 30);
    cudaMemset(source, 1, 1ull << 30);
    cudaMalloc(&other, 256 << 20);
    cudaMalloc(&cycles, 8192);
    measure<32>(source, other, cycles);
    measure<64>(source, other, cycles);
    measure<128>(source, other, cycles);
    measure<256>(source, other, cycles);
    fprintf(stderr, "%s\n", cudaGetErrorString(cudaGetLastError()));
}
