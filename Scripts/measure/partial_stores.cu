// Which stores of parts of a sector meet in the L1 before they leave.
// Build: nvcc -O2 -arch=sm_90a -o partial_stores partial_stores.cu
// Run under: ncu --clock-control none --csv --page raw --metrics l1tex__t_sectors_pipe_lsu_mem_global_op_st.sum,
//   l1tex__t_sectors_pipe_lsu_mem_global_op_st_lookup_hit.sum,l1tex__m_l1tex2xbar_write_sectors.sum,sm__cycles_active.max ./partial_stores
#include "check.h"

// A lane stores `parts` halves of its 16 bytes one after the other, `gap` cycles apart. `others` warps of 32 do so.
template <int parts> __global__ void halves(unsigned short *out, int units, int gap) {
    int warp = (blockIdx.x * blockDim.x + threadIdx.x) / 32, warps = gridDim.x * blockDim.x / 32, lane = threadIdx.x % 32;
    for (int unit = warp; unit < units; unit += warps) {
        unsigned short *mine = out + (size_t)unit * 256 + lane * 8;
#pragma unroll
        for (int part = 0; part < parts; part++) {
            asm volatile("st.global.u16 [%0], %1;" ::"l"(mine + part), "h"((unsigned short)part) : "memory");
            if (gap) for (unsigned from = clock(); clock() - from < (unsigned)gap;) {}
        }
    }
}

// The same with words: a lane stores the words of its 16 bytes.
__global__ void words(unsigned *out, int units, int gap) {
    int warp = (blockIdx.x * blockDim.x + threadIdx.x) / 32, warps = gridDim.x * blockDim.x / 32, lane = threadIdx.x % 32;
    for (int unit = warp; unit < units; unit += warps)
#pragma unroll
        for (int part = 0; part < 4; part++) {
            asm volatile("st.global.u32 [%0], %1;" ::"l"(out + (size_t)unit * 128 + lane * 4 + part), "r"(part) : "memory");
            if (gap) for (unsigned from = clock(); clock() - from < (unsigned)gap;) {}
        }
}

// Every warp stores the same whole sectors twice.
__global__ void twice(uint4 *out, int units, int gap) {
    int warp = (blockIdx.x * blockDim.x + threadIdx.x) / 32, warps = gridDim.x * blockDim.x / 32, lane = threadIdx.x % 32;
    for (int unit = warp; unit < units; unit += warps)
        for (int part = 0; part < 2; part++) {
            asm volatile("st.global.v4.u32 [%0], {%1,%1,%1,%1};" ::"l"(out + (size_t)unit * 32 + lane), "r"(part) : "memory");
            if (gap) for (unsigned from = clock(); clock() - from < (unsigned)gap;) {}
        }
}

int main() {
    void *out;
    CHECK(cudaMalloc(&out, 64 << 20));
    const int units = 32768;
    for (int warps : {1, 4, 40})
        for (int gap : {0, 30, 100, 300, 1000}) {
            int threads = warps < 8 ? warps * 32 : 256, blocks = 132 * (warps < 8 ? 1 : warps / 8);
            halves<8><<<blocks, threads>>>((unsigned short *)out, units, gap);
            halves<2><<<blocks, threads>>>((unsigned short *)out, units, gap);
            words<<<blocks, threads>>>((unsigned *)out, units, gap);
            twice<<<blocks, threads>>>((uint4 *)out, units, gap);
            fprintf(stderr, "launch x4 warps=%d gap=%d\n", warps, gap);
        }
    CHECK(cudaDeviceSynchronize());
    return 0;
}
