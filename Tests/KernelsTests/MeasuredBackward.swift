/// Backward launches as Nsight Compute counted them on an H200, in the form of `MeasuredRequests` with the sectors of
/// atomics behind.
/// *Source:* h200_ssd.csv and h200_tilings.csv: the columns there and l1_atom_sectors.
enum MeasuredBackward {
    static let autotuned = """
        m8b_s4096_c128 bwd ch_scan_bwd_dstates M=64,N=128,K=32,warps=4,stages=4 524288 6422528 262144 4194304 393216 6291456 131072 0
        m8b_s4096_c128 bwd state_pass_bwd BLOCK=512,warps=4,stages=3 770048 8511488 589824 4259840 0 0 0 0
        m8b_s4096_c128 bwd ch_scan_ch_state_bwd_dx M=32,N=64,K=32,warps=4,stages=5 2752512 28508160 131072 2097152 655360 10485760 327680 81920
        m8b_s4096_c128 bwd ch_state_bwd_db M=64,N=128,warps=4,stages=3 573440 6717440 32768 524288 393216 6291248 0 77824
        m8b_s4096_c128 bwd ch_scan_bwd_dc M=128,N=64,warps=4,stages=3 442368 6684672 32768 524288 393216 6291456 0 131072
        m8b_s4096_c128 bwd ch_scan_bwd_dcb M=64,N=32,warps=4,stages=3 1572864 10420224 32768 524288 589824 9437184 0 0
        m8b_s4096_c128 bwd bmm_ch_bwd M=64,N=128,K=32,warps=4,stages=4 98304 2097152 16384 262144 65536 1048576 0 0
        m8b_s4096_c128 bwd bmm_ch_bwd:c M=64,N=128,K=32,warps=4,stages=4 98304 2097152 16384 262144 65536 1048352 0 0
        m8b_s4096_c128 bwd ch_scan_bwd_ddacs M=64,N=32,warps=4,stages=3 1572864 12386304 40960 163840 196608 3133760 0 0
        m8b_s4096_c128 bwd ch_cumsum_bwd H=16,warps=4,stages=3 16384 172032 2048 32768 0 0 0 1024
        m780m_b2_s1000_c256 bwd ch_scan_bwd_dstates M=64,N=128,K=32,warps=4,stages=4 96576 1176576 24576 393216 72000 1152000 24576 0
        m780m_b2_s1000_c256 bwd state_pass_bwd BLOCK=512,warps=4,stages=3 61440 706560 55296 399360 0 0 0 0
        m780m_b2_s1000_c256 bwd ch_scan_ch_state_bwd_dx M=32,N=64,K=32,warps=4,stages=5 681984 6918912 24000 384000 211968 3391488 105984 15360
        m780m_b2_s1000_c256 bwd ch_state_bwd_db M=64,N=128,warps=4,stages=3 119872 1457152 32000 512000 73152 1169440 0 14976
        m780m_b2_s1000_c256 bwd ch_scan_bwd_dc M=128,N=64,warps=4,stages=3 94720 1441216 32000 512000 72576 1161216 0 24576
        m780m_b2_s1000_c256 bwd ch_scan_bwd_dcb M=64,N=32,warps=4,stages=3 604608 3291648 65536 1048576 179136 2846624 0 0
        m780m_b2_s1000_c256 bwd bmm_ch_bwd M=64,N=128,K=32,warps=4,stages=4 10000 192000 1000 16000 8000 128000 0 0
        m780m_b2_s1000_c256 bwd bmm_ch_bwd:c M=64,N=128,K=32,warps=4,stages=4 22384 384000 1000 16000 4000 64000 256000 0
        m780m_b2_s1000_c256 bwd ch_scan_bwd_ddacs M=64,N=32,warps=4,stages=3 465792 3581952 13824 61440 60864 963792 0 0
        m780m_b2_s1000_c256 bwd ch_cumsum_bwd H=1,warps=4,stages=3 12288 147072 3072 96000 0 0 0 768
        wide_b2_s4096_c128 bwd ch_scan_bwd_dstates M=128,N=64,K=32,warps=4,stages=4 327680 3276800 131072 2097152 196608 3145728 131072 0
        wide_b2_s4096_c128 bwd state_pass_bwd BLOCK=512,warps=4,stages=3 385024 4255744 294912 2129920 0 0 0 0
        wide_b2_s4096_c128 bwd ch_scan_ch_state_bwd_dx M=64,N=128,K=32,warps=4,stages=4 1163264 14057472 131072 2097152 393216 6291456 196608 36864
        wide_b2_s4096_c128 bwd ch_state_bwd_db M=64,N=64,warps=4,stages=3 352256 4407296 16384 262144 262144 4192656 0 38912
        wide_b2_s4096_c128 bwd ch_scan_bwd_dc M=64,N=64,warps=4,stages=3 303104 4358144 16384 262144 262144 4192784 0 32768
        wide_b2_s4096_c128 bwd ch_scan_bwd_dcb M=32,N=64,warps=4,stages=3 917504 8781824 32768 524288 524288 8388608 0 0
        wide_b2_s4096_c128 bwd bmm_ch_bwd M=64,N=64,K=32,warps=2,stages=4 65536 1310720 8192 131072 49152 786432 0 0
        wide_b2_s4096_c128 bwd bmm_ch_bwd:c M=64,N=64,K=32,warps=2,stages=4 65536 1310720 8192 131072 49152 786416 0 0
        wide_b2_s4096_c128 bwd ch_scan_bwd_ddacs M=64,N=32,warps=4,stages=3 950272 8814592 20480 81920 196608 3131216 0 0
        wide_b2_s4096_c128 bwd ch_cumsum_bwd H=4,warps=4,stages=3 10240 135168 2048 65536 0 0 0 1024
        """

    static let tilings = """
        m2.7b_s2048_c256 bwd ch_scan_bwd_dstates M=128,N=256,K=64,warps=8,stages=3 327680 2048000 40960 655360 245760 1966080 81920 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dstates M=64,N=256,K=32,warps=4,stages=4 245760 2007040 40960 655360 204800 1966080 40960 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dstates M=128,N=128,K=32,warps=4,stages=4 245760 2048000 40960 655360 163840 1966080 81920 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dstates M=128,N=64,K=32,warps=4,stages=4 409600 2785280 40960 655360 245760 2621440 163840 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dstates M=64,N=128,K=32,warps=4,stages=4 163840 2007040 40960 655360 122880 1966080 40960 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dstates M=128,N=32,K=32,warps=4,stages=4 737280 4259840 40960 655360 409600 3932160 327680 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dstates M=64,N=32,K=32,warps=2,stages=5 409600 4096000 40960 655360 245760 3932160 163840 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dstates M=32,N=64,K=32,warps=2,stages=5 327680 4014080 40960 655360 245760 3932160 81920 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dstates M=64,N=64,K=32,warps=2,stages=4 245760 2703360 40960 655360 163840 2621440 81920 0
        m2.7b_s2048_c256 bwd state_pass_bwd BLOCK=64,warps=4,stages=3 901120 2744320 409600 737280 0 0 0 0
        m2.7b_s2048_c256 bwd state_pass_bwd BLOCK=128,warps=4,stages=3 450560 1372160 368640 696320 0 0 0 0
        m2.7b_s2048_c256 bwd state_pass_bwd BLOCK=256,warps=4,stages=3 225280 1300480 184320 675840 0 0 0 0
        m2.7b_s2048_c256 bwd state_pass_bwd BLOCK=512,warps=4,stages=3 112640 1264640 92160 665600 0 0 0 0
        m2.7b_s2048_c256 bwd state_pass_bwd BLOCK=1024,warps=4,stages=3 94720 1328640 46080 660480 0 0 0 0
        m2.7b_s2048_c256 bwd state_pass_bwd BLOCK=2048,warps=4,stages=3 85760 1319680 43520 657920 0 0 0 0
        m2.7b_s2048_c256 bwd ch_scan_ch_state_bwd_dx M=64,N=256,K=32,warps=4,stages=4 1382400 9195520 163840 655360 614400 4915200 204800 23040
        m2.7b_s2048_c256 bwd ch_scan_ch_state_bwd_dx M=128,N=128,K=32,warps=4,stages=4 921600 8488960 81920 655360 368640 4915200 245760 21760
        m2.7b_s2048_c256 bwd ch_scan_ch_state_bwd_dx M=128,N=64,K=32,warps=4,stages=4 778240 8488960 40960 655360 307200 4915200 245760 21760
        m2.7b_s2048_c256 bwd ch_scan_ch_state_bwd_dx M=64,N=128,K=32,warps=4,stages=4 1013760 9195520 81920 655360 409600 4915200 204800 23040
        m2.7b_s2048_c256 bwd ch_scan_ch_state_bwd_dx M=128,N=32,K=32,warps=4,stages=4 1372160 14028800 40960 655360 552960 8847360 491520 43520
        m2.7b_s2048_c256 bwd ch_scan_ch_state_bwd_dx M=64,N=32,K=32,warps=4,stages=5 1392640 14131200 40960 655360 512000 8192000 409600 46080
        m2.7b_s2048_c256 bwd ch_scan_ch_state_bwd_dx M=32,N=64,K=32,warps=4,stages=5 1105920 11612160 40960 655360 368640 5898240 184320 25600
        m2.7b_s2048_c256 bwd ch_scan_ch_state_bwd_dx M=64,N=64,K=32,warps=4,stages=4 829440 9195520 40960 655360 307200 4912992 204800 23040
        m2.7b_s2048_c256 bwd ch_state_bwd_db M=32,N=128,warps=4,stages=3 405504 3723264 32768 524288 204800 3276800 0 24960
        m2.7b_s2048_c256 bwd ch_state_bwd_db M=128,N=32,warps=4,stages=3 282624 3723264 32768 524288 204800 3276368 0 99840
        m2.7b_s2048_c256 bwd ch_state_bwd_db M=64,N=128,warps=4,stages=3 190464 2279424 32768 524288 122880 1965200 0 24960
        m2.7b_s2048_c256 bwd ch_state_bwd_db M=128,N=64,warps=4,stages=3 169984 2320384 32768 524288 122880 1966080 0 49920
        m2.7b_s2048_c256 bwd ch_state_bwd_db M=64,N=64,warps=4,stages=3 282624 2985984 32768 524288 163840 2621440 0 49920
        m2.7b_s2048_c256 bwd ch_state_bwd_db M=64,N=32,warps=4,stages=3 466944 4399104 32768 524288 245760 3917168 0 99840
        m2.7b_s2048_c256 bwd ch_state_bwd_db M=32,N=64,warps=4,stages=3 630784 4562944 32768 524288 245760 3932160 0 49920
        m2.7b_s2048_c256 bwd ch_state_bwd_db M=32,N=32,warps=4,stages=3 753664 5914624 32768 524288 327680 5242880 0 99840
        m2.7b_s2048_c256 bwd ch_scan_bwd_dc M=32,N=128,warps=4,stages=3 303104 3620864 32768 524288 204800 3276800 0 20480
        m2.7b_s2048_c256 bwd ch_scan_bwd_dc M=128,N=32,warps=4,stages=3 241664 3620864 32768 524288 204800 3276800 0 81920
        m2.7b_s2048_c256 bwd ch_scan_bwd_dc M=64,N=128,warps=4,stages=3 159744 2248704 32768 524288 122880 1964976 0 20480
        m2.7b_s2048_c256 bwd ch_scan_bwd_dc M=128,N=64,warps=4,stages=3 149504 2269184 32768 524288 122880 1966080 0 40960
        m2.7b_s2048_c256 bwd ch_scan_bwd_dc M=64,N=64,warps=4,stages=3 221184 2924544 32768 524288 163840 2621440 0 40960
        m2.7b_s2048_c256 bwd ch_scan_bwd_dc M=64,N=32,warps=4,stages=3 344064 4276224 32768 524288 245760 3926816 0 81920
        m2.7b_s2048_c256 bwd ch_scan_bwd_dc M=32,N=64,warps=4,stages=3 425984 4358144 32768 524288 245760 3932160 0 40960
        m2.7b_s2048_c256 bwd ch_scan_bwd_dc M=32,N=32,warps=4,stages=3 507904 5668864 32768 524288 327680 5242880 0 81920
        m2.7b_s2048_c256 bwd ch_scan_bwd_dcb M=32,N=128,warps=4,stages=3 430080 4300800 65536 1048576 245760 3929472 0 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dcb M=128,N=32,warps=4,stages=3 583680 5283840 65536 1048576 307200 4913616 0 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dcb M=64,N=64,warps=4,stages=3 665600 3737600 65536 1048576 204800 3276800 0 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dcb M=64,N=32,warps=4,stages=3 819200 5427200 65536 1048576 307200 4899456 0 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dcb M=32,N=64,warps=4,stages=3 696320 4997120 65536 1048576 286720 4587520 0 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_dcb M=32,N=32,warps=4,stages=3 921600 6451200 65536 1048576 368640 5898240 0 0
        m2.7b_s2048_c256 bwd bmm_ch_bwd M=128,N=256,K=64,warps=8,stages=3 12288 163840 2048 16384 8192 98304 0 0
        m2.7b_s2048_c256 bwd bmm_ch_bwd M=64,N=256,K=32,warps=4,stages=4 16384 196608 2048 16384 12288 131072 0 0
        m2.7b_s2048_c256 bwd bmm_ch_bwd M=128,N=128,K=32,warps=4,stages=4 8192 163840 1024 16384 6144 98304 0 0
        m2.7b_s2048_c256 bwd bmm_ch_bwd M=128,N=64,K=32,warps=4,stages=4 12288 229376 1024 16384 10240 163840 0 0
        m2.7b_s2048_c256 bwd bmm_ch_bwd M=64,N=128,K=32,warps=4,stages=4 10240 196608 1024 16384 8192 131072 0 0
        m2.7b_s2048_c256 bwd bmm_ch_bwd M=128,N=32,K=32,warps=4,stages=4 20480 360448 1024 16384 18432 294912 0 0
        m2.7b_s2048_c256 bwd bmm_ch_bwd M=64,N=32,K=32,warps=2,stages=5 22528 393216 1024 16384 20480 327680 0 0
        m2.7b_s2048_c256 bwd bmm_ch_bwd M=32,N=64,K=32,warps=2,stages=5 18432 327680 1024 16384 16384 262144 0 0
        m2.7b_s2048_c256 bwd bmm_ch_bwd M=64,N=64,K=32,warps=2,stages=4 14336 262144 1024 16384 12288 196608 0 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_ddacs M=32,N=32,warps=4,stages=3 819200 6963200 46080 204800 184320 2949120 0 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_ddacs M=64,N=32,warps=4,stages=3 778240 6000640 23040 102400 102400 1633744 0 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_ddacs M=64,N=64,warps=4,stages=3 778240 6000640 23040 102400 102400 1636208 0 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_ddacs M=128,N=32,warps=4,stages=3 599040 5836800 11520 51200 61440 982496 0 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_ddacs M=128,N=64,warps=4,stages=3 599040 5836800 11520 51200 61440 982512 0 0
        m2.7b_s2048_c256 bwd ch_scan_bwd_ddacs M=128,N=128,warps=4,stages=3 368640 5652480 11520 51200 61440 982032 0 0
        m2.7b_s2048_c256 bwd ch_cumsum_bwd H=1,warps=4,stages=3 15360 209920 5120 163840 0 0 0 1280
        m2.7b_s2048_c256 bwd ch_cumsum_bwd H=2,warps=4,stages=3 7680 125440 2560 81920 0 0 0 640
        m2.7b_s2048_c256 bwd ch_cumsum_bwd H=4,warps=4,stages=3 5760 83840 1280 40960 0 0 0 320
        m2.7b_s2048_c256 bwd ch_cumsum_bwd H=8,warps=4,stages=3 5120 63360 640 20480 0 0 0 160
        m2.7b_s2048_c256 bwd ch_cumsum_bwd H=16,warps=4,stages=3 4800 53120 640 10240 0 0 0 160
        m2.7b_s2048_c256 bwd ch_cumsum_bwd H=32,warps=4,stages=3 4800 53120 768 10240 0 0 0 160
        m2.7b_s2048_c256 bwd ch_cumsum_bwd H=64,warps=4,stages=3 4992 53120 1024 10240 0 0 0 160
        """
}
