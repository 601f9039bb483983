// Bandwidth of memory by the length of contiguous pieces: read, written, and both, pieces in a hashed order or strided.
// Build: nvcc -O3 -arch=sm_90 -o pieces pieces.cu    Output: CSV, one row a launch.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cuda_runtime.h>

#include "check.h"

// A permutation of the numbers below 2^bits.
__device__ unsigned long scatter(unsigned long n, int bits) {
    unsigned long mask = (1ul << bits) - 1;
    n = (n * 0x9E3779B97F4A7C15ul) & mask;
    n ^= n >> (bits / 2);
    n = (n * 0xBF58476D1CE4E5B9ul) & mask;
    n ^= n >> (bits / 2);
    return (n * 0x94D049BB133111EBul) & mask;
}

// Each group of `lanes` threads moves 16 bytes a lane: a piece of lanes * 16 bytes, or `repeat` times as long.
__global__ void move(const uint4 *from, uint4 *to, int pieceBits, int bits, long pieces, int reads, int writes, long stride, uint4 *sink) {
    long threads = (long)gridDim.x * blockDim.x, thread = blockIdx.x * (long)blockDim.x + threadIdx.x;
    int perPiece = 1 << (pieceBits - 4);
    long total = pieces * perPiece;
    uint4 sum = {0, 0, 0, 0};
    for (long i = thread; i < total; i += threads * 4) {
        uint4 value[4];
        long place[4];
#pragma unroll
        for (int u = 0; u < 4; u++) {
            long n = i + u * threads;
            long piece = n / perPiece;
            piece = stride ? (piece * stride) % pieces + (piece * stride) / pieces : (long)scatter(piece, bits);
            place[u] = n < total ? piece * perPiece + n % perPiece : -1;
        }
#pragma unroll
        for (int u = 0; u < 4; u++)
            if (reads && place[u] >= 0) value[u] = __ldcg(from + place[u]);
            else value[u] = sum;
#pragma unroll
        for (int u = 0; u < 4; u++) {
            if (writes && place[u] >= 0) to[place[u]] = value[u];
            sum.x ^= value[u].x;
        }
    }
    if (sum.x == 0x12345678) *sink = sum;
}

int main() {
    uint4 *from, *to, *sink;
    const int total = 30;  // 1 GiB read, 1 GiB written
    CHECK(cudaMalloc(&from, 1ul << total));
    CHECK(cudaMalloc(&to, 1ul << total));
    CHECK(cudaMalloc(&sink, 64));
    CHECK(cudaMemset(from, 1, 1ul << total));
    CHECK(cudaMemset(to, 1, 1ul << total));
    printf("what,order,piece_bytes,microseconds,terabytes_per_second\n");
    cudaEvent_t start, stop;
    cudaEventCreate(&start);
    cudaEventCreate(&stop);
    for (int kind = 1; kind <= 3; kind++)
        for (int strided = 0; strided < 2; strided++)
            for (int bits : {6, 7, 8, 9, 10, 11, 12, 14, 16, 20}) {
                if (strided && bits > 12) continue;
                float least = 1e30f;
                long pieces = 1l << (total - bits);
                for (int run = 0; run < 3; run++) {
                    cudaEventRecord(start);
                    // 16 KiB apart, as the rows of one head of 128 are.
                    move<<<132 * 8, 256>>>(from, to, bits, total - bits, pieces, kind & 1, kind & 2, strided ? (16384 >> bits) : 0, sink);
                    cudaEventRecord(stop);
                    CHECK(cudaEventSynchronize(stop));
                    float ms;
                    cudaEventElapsedTime(&ms, start, stop);
                    least = std::min(least, ms);
                }
                double bytes = double(1ul << total) * (kind == 3 ? 2 : 1);
                printf("%s,%s,%d,%.1f,%.3f\n", kind == 1 ? "read" : kind == 2 ? "write" : "copy", strided ? "16KiB apart" : "hashed", 1 << bits,
                       least * 1e3, bytes / least * 1e-9);
            }
}
