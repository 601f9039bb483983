extension RankingAccuracy.Group {
    /// Written by TuningAccuracyTests (docs/tuning.md says how); do not edit.
    ///
    /// *Source:* measured times of docs/validation/h200_tilings.csv and h200_holdout.csv,
    /// cold_duration_ns, and the predictions of docs/generated/predicted_tilings.csv.
    static let table = """
        shape,kernel,tilings,regret_pct,rank_correlation,pairs,ordered_pairs,error_sum_pct
        m2.7b_s2048_c256,ch_cumsum_fwd,7,0,0.9549937104572925,20,19,41.68142074815961
        m2.7b_s2048_c256,ch_state_fwd,9,0,0.9,36,32,59.0176675936473
        m2.7b_s2048_c256,state_pass_fwd,6,0,1,15,15,33.41427416466134
        m2.7b_s2048_c256,bmm_ch_fwd,9,1.5267175572519085,0.8954053273686237,35,31,97.56349934687694
        m2.7b_s2048_c256,ch_scan_fwd,10,0,0.9515151515151515,45,42,53.987444799051005
        m2.7b_s2048_c256,ch_scan_bwd_dstates,9,0,0.95,36,34,66.953490108604
        m2.7b_s2048_c256,state_pass_bwd,6,8.487084870848708,0.9428571428571428,15,14,62.4743736090482
        m2.7b_s2048_c256,ch_scan_ch_state_bwd_dx,8,0,0.9761904761904762,28,27,81.35251881887194
        m2.7b_s2048_c256,ch_state_bwd_db,8,9.375,0.9523809523809523,28,26,80.11000616793933
        m2.7b_s2048_c256,ch_scan_bwd_dc,8,0.31217481789802287,0.9761904761904762,28,27,46.61455011836587
        m2.7b_s2048_c256,ch_scan_bwd_dcb,6,0,0.9428571428571428,15,14,46.93578196014154
        m2.7b_s2048_c256,bmm_ch_bwd,9,0,1,36,36,124.3544512905593
        m2.7b_s2048_c256,ch_scan_bwd_ddacs,6,0,0.6,15,11,67.21974674845328
        m2.7b_s2048_c256,ch_cumsum_bwd,7,8.333333333333334,0.8214285714285714,21,18,78.13922727400956
        h8btil_b1_s2048_c128,ch_cumsum_fwd,7,0,0.9642857142857143,21,20,52.19272190066725
        h8btil_b1_s2048_c128,ch_state_fwd,9,0,1,36,36,72.09376479733434
        h8btil_b1_s2048_c128,state_pass_fwd,6,14.396887159533074,0.7142857142857143,15,12,32.56365210733076
        h8btil_b1_s2048_c128,bmm_ch_fwd,9,0,0.8451956828432803,35,29,63.001589643096096
        h8btil_b1_s2048_c128,ch_scan_fwd,10,0,0.9757575757575757,45,43,57.58726476726718
        """
}
