// What the L1 does with stores.
// Build: nvcc -O2 -arch=sm_90 -o stores stores.cu
// Run under: ncu --clock-control none --csv --page raw --metrics l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum,
//   l1tex__t_sectors_pipe_lsu_mem_global_op_ld_lookup_hit.sum,l1tex__t_sectors_pipe_lsu_mem_global_op_st.sum,
//   l1tex__t_sectors_pipe_lsu_mem_global_op_st_lookup_hit.sum ./stores
#include <cstdio>

__device__ size_t thread() { return (size_t)blockIdx.x * blockDim.x + threadIdx.x; }

__device__ float load(const float *word) {
    float value;
    asm volatile("ld.global.ca.f32 %0, [%1];" : "=f"(value) : "l"(word) : "memory");
    return value;
}

__device__ void store(float *word, float value) { asm volatile("st.global.f32 [%0], %1;" ::"l"(word), "f"(value) : "memory"); }

__global__ void storeThenLoad(float *words) {
    float *word = words + thread();
    store(word, 1);
    if (load(word) == 2) store(word + 1, 2);
}

__global__ void loadThenStore(float *words) {
    float *word = words + thread();
    store(word, load(word) + 1);
}

__global__ void storeTwice(float *words) {
    float *word = words + thread();
    store(word, 1);
    __syncthreads();
    store(word, 2);
}

// Each warp stores 64 bytes; the second warp of each line waits.
__global__ void storeHalves(unsigned short *halves, int cycles) {
    if (threadIdx.x / 32 & 1)
        for (long long start = clock64(); clock64() - start < cycles;) {}
    *(volatile unsigned short *)(halves + thread()) = 1;
}

int main() {
    float *words;
    if (cudaMalloc(&words, 64 << 20) != cudaSuccess) return 1;
    cudaMemset(words, 0, 64 << 20);
    storeThenLoad<<<1024, 256>>>(words);
    loadThenStore<<<1024, 256>>>(words);
    storeTwice<<<1024, 256>>>(words);
    for (int cycles : {0, 100, 300, 1000, 3000, 10000}) storeHalves<<<1024, 256>>>((unsigned short *)words, cycles);
    printf("%s\n", cudaGetErrorString(cudaDeviceSynchronize()));
    return 0;
}
