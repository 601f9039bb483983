// One SM: cycles of a warp's load that hits the L1, by the number of lines that its lanes touch, the sectors of each line
// and the bytes of a lane.
// Build: nvcc -O3 -arch=sm_90 -o lines lines.cu
// Counters: ncu --metrics l1tex__data_pipe_lsu_wavefronts.sum,l1tex__t_requests_pipe_lsu_mem_global_op_ld.sum ./lines
#include "check.h"

// Each lane loads a `T` at its own offset, eight independent times a trip. All loads of the second pass hit; only it counts.
template <typename T> __device__ T load(const char *at) {
    T value;
    if constexpr (sizeof(T) == 2) {
        asm volatile("ld.global.u16 %0,[%1];" : "=h"(value) : "l"(at));
    } else if constexpr (sizeof(T) == 4) {
        asm volatile("ld.global.u32 %0,[%1];" : "=r"(value) : "l"(at));
    } else {
        asm volatile("ld.global.u64 %0,[%1];" : "=l"(value) : "l"(at));
    }
    return value;
}

template <typename T> __global__ void sweep(const char *data, const int *offsets, int trips, long long *out, unsigned *sink) {
    const char *mine = data + offsets[threadIdx.x % 32];
    // All data are 0. The assembler does not know that, so that it cannot load one place once for all trips.
    const char *places[8];
    for (int i = 0; i < 8; i++) places[i] = mine;
    unsigned long long sum = 0;
    long long start = 0;
    for (int pass = 0; pass < 2; pass++) {
        __syncthreads();
        start = clock64();
        for (int trip = 0; trip < trips; trip++) {
            T values[8];
#pragma unroll
            for (int i = 0; i < 8; i++) values[i] = load<T>(places[i]);
#pragma unroll
            for (int i = 0; i < 8; i++) sum += values[i], places[i] += values[i];
        }
        __syncthreads();
    }
    if (threadIdx.x == 0) out[0] = clock64() - start;
    if (sum == 1) sink[0] = 1;
}

template <typename T> void measure(const char *name, const char *data, int *offsets, long long *out, unsigned *sink) {
    const int trips = 512;
    // Lanes divide evenly over lines; the lanes of a line divide evenly over its sectors. Pitches: neighbouring lines, lines that all lie
    // in one bank, and the pitch of matmul_f16_odd_k.
    for (int pitch : {128, 160, 2000})
        for (int lines = 1; lines <= 32; lines *= 2)
            for (int sectors = 1; sectors <= 4 && sectors * lines <= 32; sectors *= 2) {
                if (pitch % 128 && sectors > 1) continue;  // a row would not begin with its line
                int host[32];
                for (int lane = 0; lane < 32; lane++) {
                    int line = lane % lines, of = lane / lines, lanes = 32 / lines;
                    int sector = of * sectors / lanes, place = of % (lanes / sectors);
                    host[lane] = line * pitch + sector * 32 + place * (int)sizeof(T) % 32;
                    host[lane] -= host[lane] % (int)sizeof(T);
                }
                CHECK(cudaMemcpy(offsets, host, sizeof host, cudaMemcpyHostToDevice));
                for (int warps : {1, 16}) {
                    long long best = 1ll << 60;
                    for (int repeat = 0; repeat < 3; repeat++) {
                        sweep<T><<<1, 32 * warps>>>(data, offsets, trips, out, sink);
                        CHECK(cudaDeviceSynchronize());
                        long long cycles;
                        CHECK(cudaMemcpy(&cycles, out, 8, cudaMemcpyDeviceToHost));
                        best = cycles < best ? cycles : best;
                    }
                    printf("%s,%d,%d,%d,%d,%.2f\n", name, pitch, lines, sectors, warps, (double)best / (trips * 8.0 * warps));
                }
            }
}

int main() {
    char *data;
    int *offsets;
    long long *out;
    unsigned *sink;
    CHECK(cudaMalloc(&data, 1 << 20));
    CHECK(cudaMemset(data, 0, 1 << 20));
    CHECK(cudaMalloc(&offsets, 128));
    CHECK(cudaMalloc(&out, 8));
    CHECK(cudaMalloc(&sink, 4));
    printf("lane,pitch,lines,sectors_per_line,warps,cycles_per_load\n");
    measure<unsigned short>("2 B", data, offsets, out, sink);
    measure<unsigned int>("4 B", data, offsets, out, sink);
    measure<unsigned long long>("8 B", data, offsets, out, sink);
}
