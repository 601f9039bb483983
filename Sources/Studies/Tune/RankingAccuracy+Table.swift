extension RankingAccuracy.Group {
    /// Written by TuningAccuracyTests (docs/tuning.md says how); do not edit.
    ///
    /// *Source:* measured times of docs/validation/h200_tilings.csv and h200_holdout.csv,
    /// cold_duration_ns, and the predictions of docs/generated/predicted_tilings.csv.
    static let table = """
        shape,kernel,tilings,regret_pct,rank_correlation,pairs,ordered_pairs,error_sum_pct
        m2.7b_s2048_c256,ch_cumsum_fwd,7,0,0.9549937104572925,20,19,37.3299199568764
        m2.7b_s2048_c256,ch_state_fwd,9,0,0.9333333333333333,36,33,52.63295470375669
        m2.7b_s2048_c256,state_pass_fwd,6,0,1,15,15,32.33766912921628
        m2.7b_s2048_c256,bmm_ch_fwd,9,0,0.9205101496312953,35,32,70.4514435254937
        m2.7b_s2048_c256,ch_scan_fwd,10,0,0.9515151515151515,45,42,58.17057550118909
        m2.7b_s2048_c256,ch_scan_bwd_dstates,9,0,0.9833333333333333,36,35,44.873809369926704
        m2.7b_s2048_c256,state_pass_bwd,6,8.487084870848708,0.9428571428571428,15,14,67.3030140141889
        m2.7b_s2048_c256,ch_scan_ch_state_bwd_dx,8,0,0.9761904761904762,28,27,36.967426129344716
        m2.7b_s2048_c256,ch_state_bwd_db,8,9.375,0.9047619047619048,28,25,129.9208697425381
        m2.7b_s2048_c256,ch_scan_bwd_dc,8,0.31217481789802287,0.9761904761904762,28,27,86.7008034397065
        m2.7b_s2048_c256,ch_scan_bwd_dcb,6,0,0.9428571428571428,15,14,32.57758071702492
        m2.7b_s2048_c256,bmm_ch_bwd,9,0,0.9833333333333333,36,35,77.25102194673451
        m2.7b_s2048_c256,ch_scan_bwd_ddacs,6,0,0.4857142857142857,15,10,68.47398887692673
        m2.7b_s2048_c256,ch_cumsum_bwd,7,8.333333333333334,0.8214285714285714,21,18,86.19598859036348
        h8btil_b1_s2048_c128,ch_cumsum_fwd,7,0,0.8928571428571429,21,19,44.68880469263313
        h8btil_b1_s2048_c128,ch_state_fwd,9,0,0.9833333333333333,36,35,90.22337822402251
        h8btil_b1_s2048_c128,state_pass_fwd,6,14.396887159533074,0.7142857142857143,15,12,29.20141978254921
        h8btil_b1_s2048_c128,bmm_ch_fwd,9,0,0.5606743638663344,35,25,80.79240553084284
        h8btil_b1_s2048_c128,ch_scan_fwd,10,0,0.9757575757575757,45,43,62.633460084627856
        """
}
