extension MeasuredTiling {
    /// Written by Scripts/tuning-accuracy; do not edit.
    ///
    /// *Source:* measured times: docs/validation/h200_tilings.csv and h200_holdout.csv, cold_duration_ns.
    static let table = """
        shape,kernel,tiling,measured_ns,predicted_ns
        m2.7b_s2048_c256,ch_cumsum_fwd,H=1 warps=4 stages=3,4288,3993.45949638825
        m2.7b_s2048_c256,ch_cumsum_fwd,H=2 warps=4 stages=3,3968,3764.078396763346
        m2.7b_s2048_c256,ch_cumsum_fwd,H=4 warps=4 stages=3,3968,3878.184419321073
        m2.7b_s2048_c256,ch_cumsum_fwd,H=8 warps=4 stages=3,4256,4459.1278575029155
        m2.7b_s2048_c256,ch_cumsum_fwd,H=16 warps=4 stages=3,5632,5839.767933417532
        m2.7b_s2048_c256,ch_cumsum_fwd,H=32 warps=4 stages=3,7616,8471.022964038333
        m2.7b_s2048_c256,ch_cumsum_fwd,H=64 warps=4 stages=3,21056,22681.80792589073
        m2.7b_s2048_c256,ch_state_fwd,M=128 N=256 K=64 warps=8 stages=3,51232,46425.625890445204
        m2.7b_s2048_c256,ch_state_fwd,M=64 N=256 K=32 warps=4 stages=4,38144,36105.70187274613
        m2.7b_s2048_c256,ch_state_fwd,M=128 N=128 K=32 warps=4 stages=4,28544,29245.885472477607
        m2.7b_s2048_c256,ch_state_fwd,M=128 N=64 K=32 warps=4 stages=4,29760,26567.482299212297
        m2.7b_s2048_c256,ch_state_fwd,M=64 N=128 K=32 warps=4 stages=4,21728,22044.63208106742
        m2.7b_s2048_c256,ch_state_fwd,M=128 N=32 K=32 warps=4 stages=4,39840,34010.82088144694
        m2.7b_s2048_c256,ch_state_fwd,M=64 N=32 K=32 warps=2 stages=5,27072,28727.487056926413
        m2.7b_s2048_c256,ch_state_fwd,M=32 N=64 K=32 warps=2 stages=5,33792,35393.43013320471
        m2.7b_s2048_c256,ch_state_fwd,M=64 N=64 K=32 warps=2 stages=4,22592,23532.49335543511
        m2.7b_s2048_c256,state_pass_fwd,BLOCK=64 warps=4 stages=3,22944,25704.705913011774
        m2.7b_s2048_c256,state_pass_fwd,BLOCK=128 warps=4 stages=3,14944,16884.271381106184
        m2.7b_s2048_c256,state_pass_fwd,BLOCK=256 warps=4 stages=3,12192,12547.80274864695
        m2.7b_s2048_c256,state_pass_fwd,BLOCK=512 warps=4 stages=3,9952,9874.014171509636
        m2.7b_s2048_c256,state_pass_fwd,BLOCK=1024 warps=4 stages=3,10400,10237.470531697076
        m2.7b_s2048_c256,state_pass_fwd,BLOCK=2048 warps=4 stages=3,11808,11437.989064952935
        m2.7b_s2048_c256,bmm_ch_fwd,M=128 N=256 K=64 warps=8 stages=3,7424,8501.786915575125
        m2.7b_s2048_c256,bmm_ch_fwd,M=64 N=256 K=32 warps=4 stages=4,5536,6346.243348650002
        m2.7b_s2048_c256,bmm_ch_fwd,M=128 N=128 K=32 warps=4 stages=4,5504,6166.964100730821
        m2.7b_s2048_c256,bmm_ch_fwd,M=128 N=64 K=32 warps=4 stages=4,4544,5249.801602015473
        m2.7b_s2048_c256,bmm_ch_fwd,M=64 N=128 K=32 warps=4 stages=4,4768,5063.458406396425
        m2.7b_s2048_c256,bmm_ch_fwd,M=128 N=32 K=32 warps=4 stages=4,4192,4698.066008788217
        m2.7b_s2048_c256,bmm_ch_fwd,M=64 N=32 K=32 warps=2 stages=5,4192,4570.749815110325
        m2.7b_s2048_c256,bmm_ch_fwd,M=32 N=64 K=32 warps=2 stages=5,4256,4549.2744306816985
        m2.7b_s2048_c256,bmm_ch_fwd,M=64 N=64 K=32 warps=2 stages=4,4576,4879.730599751168
        m2.7b_s2048_c256,ch_scan_fwd,M=64 N=256 K=32 warps=4 stages=4,156128,165981.00363071964
        m2.7b_s2048_c256,ch_scan_fwd,M=128 N=128 K=32 warps=4 stages=4,138656,133734.7996990983
        m2.7b_s2048_c256,ch_scan_fwd,M=128 N=64 K=32 warps=4 stages=4,120192,124183.9890026016
        m2.7b_s2048_c256,ch_scan_fwd,M=64 N=128 K=32 warps=4 stages=4,80992,86450.39749916542
        m2.7b_s2048_c256,ch_scan_fwd,M=128 N=64 K=64 warps=4 stages=4,119456,129913.75844602141
        m2.7b_s2048_c256,ch_scan_fwd,M=64 N=128 K=64 warps=4 stages=4,127648,150435.99573145868
        m2.7b_s2048_c256,ch_scan_fwd,M=128 N=32 K=32 warps=4 stages=4,129056,131249.22608716786
        m2.7b_s2048_c256,ch_scan_fwd,M=64 N=32 K=32 warps=2 stages=5,112832,111424.34629581994
        m2.7b_s2048_c256,ch_scan_fwd,M=32 N=64 K=32 warps=2 stages=5,64768,65823.3087607993
        m2.7b_s2048_c256,ch_scan_fwd,M=64 N=64 K=32 warps=2 stages=4,70880,68836.14964207368
        m2.7b_s2048_c256,ch_scan_bwd_dstates,M=128 N=256 K=64 warps=8 stages=3,36032,35736.127381001956
        m2.7b_s2048_c256,ch_scan_bwd_dstates,M=64 N=256 K=32 warps=4 stages=4,23648,24963.393687695276
        m2.7b_s2048_c256,ch_scan_bwd_dstates,M=128 N=128 K=32 warps=4 stages=4,23072,24618.481425636455
        m2.7b_s2048_c256,ch_scan_bwd_dstates,M=128 N=64 K=32 warps=4 stages=4,28416,28067.273405222597
        m2.7b_s2048_c256,ch_scan_bwd_dstates,M=64 N=128 K=32 warps=4 stages=4,15680,17681.94923614852
        m2.7b_s2048_c256,ch_scan_bwd_dstates,M=128 N=32 K=32 warps=4 stages=4,42560,42411.50095287747
        m2.7b_s2048_c256,ch_scan_bwd_dstates,M=64 N=32 K=32 warps=2 stages=5,25760,29501.50820445513
        m2.7b_s2048_c256,ch_scan_bwd_dstates,M=32 N=64 K=32 warps=2 stages=5,25024,28940.470618648884
        m2.7b_s2048_c256,ch_scan_bwd_dstates,M=64 N=64 K=32 warps=2 stages=4,21120,23094.31828350128
        m2.7b_s2048_c256,state_pass_bwd,BLOCK=64 warps=4 stages=3,44896,51797.53807235009
        m2.7b_s2048_c256,state_pass_bwd,BLOCK=128 warps=4 stages=3,29600,28974.999427205734
        m2.7b_s2048_c256,state_pass_bwd,BLOCK=256 warps=4 stages=3,22432,19493.480752784693
        m2.7b_s2048_c256,state_pass_bwd,BLOCK=512 warps=4 stages=3,17344,16547.311508960425
        m2.7b_s2048_c256,state_pass_bwd,BLOCK=1024 warps=4 stages=3,18816,16525.81867716543
        m2.7b_s2048_c256,state_pass_bwd,BLOCK=2048 warps=4 stages=3,19840,16838.997369665318
        m2.7b_s2048_c256,ch_scan_ch_state_bwd_dx,M=64 N=256 K=32 warps=4 stages=4,271040,286647.6640237981
        m2.7b_s2048_c256,ch_scan_ch_state_bwd_dx,M=128 N=128 K=32 warps=4 stages=4,185632,205572.3926774824
        m2.7b_s2048_c256,ch_scan_ch_state_bwd_dx,M=128 N=64 K=32 warps=4 stages=4,152960,174037.73848875368
        m2.7b_s2048_c256,ch_scan_ch_state_bwd_dx,M=64 N=128 K=32 warps=4 stages=4,115392,128067.22307229911
        m2.7b_s2048_c256,ch_scan_ch_state_bwd_dx,M=128 N=32 K=32 warps=4 stages=4,152512,175246.94559358433
        m2.7b_s2048_c256,ch_scan_ch_state_bwd_dx,M=64 N=32 K=32 warps=4 stages=5,132768,146271.35563637145
        m2.7b_s2048_c256,ch_scan_ch_state_bwd_dx,M=32 N=64 K=32 warps=4 stages=5,87648,89374.9696640235
        m2.7b_s2048_c256,ch_scan_ch_state_bwd_dx,M=64 N=64 K=32 warps=4 stages=4,100352,113437.72155254794
        m2.7b_s2048_c256,ch_state_bwd_db,M=32 N=128 warps=4 stages=3,56128,54084.57778429766
        m2.7b_s2048_c256,ch_state_bwd_db,M=128 N=32 warps=4 stages=3,41408,39632.41713410969
        m2.7b_s2048_c256,ch_state_bwd_db,M=64 N=128 warps=4 stages=3,30720,32801.21941701128
        m2.7b_s2048_c256,ch_state_bwd_db,M=128 N=64 warps=4 stages=3,33600,30911.219875796385
        m2.7b_s2048_c256,ch_state_bwd_db,M=64 N=64 warps=4 stages=3,38304,36627.918012657356
        m2.7b_s2048_c256,ch_state_bwd_db,M=64 N=32 warps=4 stages=3,44416,37719.21644050693
        m2.7b_s2048_c256,ch_state_bwd_db,M=32 N=64 warps=4 stages=3,55264,48248.02213844074
        m2.7b_s2048_c256,ch_state_bwd_db,M=32 N=32 warps=4 stages=3,76672,57307.96376760118
        m2.7b_s2048_c256,ch_scan_bwd_dc,M=32 N=128 warps=4 stages=3,57088,51557.33031742334
        m2.7b_s2048_c256,ch_scan_bwd_dc,M=128 N=32 warps=4 stages=3,39072,37986.98304074561
        m2.7b_s2048_c256,ch_scan_bwd_dc,M=64 N=128 warps=4 stages=3,30752,31225.00415799958
        m2.7b_s2048_c256,ch_scan_bwd_dc,M=128 N=64 warps=4 stages=3,30848,30327.09242192148
        m2.7b_s2048_c256,ch_scan_bwd_dc,M=64 N=64 warps=4 stages=3,37312,34817.494034059695
        m2.7b_s2048_c256,ch_scan_bwd_dc,M=64 N=32 warps=4 stages=3,45408,40546.30287908739
        m2.7b_s2048_c256,ch_scan_bwd_dc,M=32 N=64 warps=4 stages=3,47712,46687.786903119515
        m2.7b_s2048_c256,ch_scan_bwd_dc,M=32 N=32 warps=4 stages=3,56768,50305.547462046234
        m2.7b_s2048_c256,ch_scan_bwd_dcb,M=32 N=128 warps=4 stages=3,66368,64151.99585974864
        m2.7b_s2048_c256,ch_scan_bwd_dcb,M=128 N=32 warps=4 stages=3,45408,50696.35726928308
        m2.7b_s2048_c256,ch_scan_bwd_dcb,M=64 N=64 warps=4 stages=3,44416,45249.182550282974
        m2.7b_s2048_c256,ch_scan_bwd_dcb,M=64 N=32 warps=4 stages=3,38016,40985.30113508711
        m2.7b_s2048_c256,ch_scan_bwd_dcb,M=32 N=64 warps=4 stages=3,43840,46244.323484938526
        m2.7b_s2048_c256,ch_scan_bwd_dcb,M=32 N=32 warps=4 stages=3,38656,45142.34842655031
        m2.7b_s2048_c256,bmm_ch_bwd,M=128 N=256 K=64 warps=8 stages=3,12192,13718.256397015444
        m2.7b_s2048_c256,bmm_ch_bwd,M=64 N=256 K=32 warps=4 stages=4,8864,9232.276915361017
        m2.7b_s2048_c256,bmm_ch_bwd,M=128 N=128 K=32 warps=4 stages=4,10624,11130.692235524575
        m2.7b_s2048_c256,bmm_ch_bwd,M=128 N=64 K=32 warps=4 stages=4,7840,8627.615381932366
        m2.7b_s2048_c256,bmm_ch_bwd,M=64 N=128 K=32 warps=4 stages=4,6560,7860.731096875271
        m2.7b_s2048_c256,bmm_ch_bwd,M=128 N=32 K=32 warps=4 stages=4,6464,7710.769976090987
        m2.7b_s2048_c256,bmm_ch_bwd,M=64 N=32 K=32 warps=2 stages=5,5728,6789.269352605518
        m2.7b_s2048_c256,bmm_ch_bwd,M=32 N=64 K=32 warps=2 stages=5,5568,6558.597158289742
        m2.7b_s2048_c256,bmm_ch_bwd,M=64 N=64 K=32 warps=2 stages=4,6912,8116.830709416476
        m2.7b_s2048_c256,ch_scan_bwd_ddacs,M=32 N=32 warps=4 stages=3,85152,94517.91787548218
        m2.7b_s2048_c256,ch_scan_bwd_ddacs,M=64 N=32 warps=4 stages=3,71712,74600.56547168315
        m2.7b_s2048_c256,ch_scan_bwd_ddacs,M=64 N=64 warps=4 stages=3,85664,91067.189807579
        m2.7b_s2048_c256,ch_scan_bwd_ddacs,M=128 N=32 warps=4 stages=3,81280,100012.08841575556
        m2.7b_s2048_c256,ch_scan_bwd_ddacs,M=128 N=64 warps=4 stages=3,96416,95591.67812524202
        m2.7b_s2048_c256,ch_scan_bwd_ddacs,M=128 N=128 warps=4 stages=3,175776,137133.5341942249
        m2.7b_s2048_c256,ch_cumsum_bwd,H=1 warps=4 stages=3,8192,5668.778780544031
        m2.7b_s2048_c256,ch_cumsum_bwd,H=2 warps=4 stages=3,6656,5497.873753516829
        m2.7b_s2048_c256,ch_cumsum_bwd,H=4 warps=4 stages=3,6144,5943.545948920321
        m2.7b_s2048_c256,ch_cumsum_bwd,H=8 warps=4 stages=3,6752,6750.581588183998
        m2.7b_s2048_c256,ch_cumsum_bwd,H=16 warps=4 stages=3,9152,8921.049959289632
        m2.7b_s2048_c256,ch_cumsum_bwd,H=32 warps=4 stages=3,17440,16868.758631560304
        m2.7b_s2048_c256,ch_cumsum_bwd,H=64 warps=4 stages=3,63872,50550.92669576946
        h8btil_b1_s2048_c128,ch_cumsum_fwd,H=1 warps=4 stages=3,5312,4692.623265817436
        h8btil_b1_s2048_c128,ch_cumsum_fwd,H=2 warps=4 stages=3,4448,3928.1616429388896
        h8btil_b1_s2048_c128,ch_cumsum_fwd,H=4 warps=4 stages=3,3904,3687.3371325170956
        h8btil_b1_s2048_c128,ch_cumsum_fwd,H=8 warps=4 stages=3,4000,3922.2069361814324
        h8btil_b1_s2048_c128,ch_cumsum_fwd,H=16 warps=4 stages=3,4256,4470.070195946606
        h8btil_b1_s2048_c128,ch_cumsum_fwd,H=32 warps=4 stages=3,5408,5895.575145850388
        h8btil_b1_s2048_c128,ch_cumsum_fwd,H=64 warps=4 stages=3,7936,8515.764860233558
        h8btil_b1_s2048_c128,ch_state_fwd,M=128 N=256 K=64 warps=8 stages=3,107456,99107.90696217824
        h8btil_b1_s2048_c128,ch_state_fwd,M=64 N=256 K=32 warps=4 stages=4,68576,64326.13104830674
        h8btil_b1_s2048_c128,ch_state_fwd,M=128 N=128 K=32 warps=4 stages=4,56160,50812.69069741825
        h8btil_b1_s2048_c128,ch_state_fwd,M=128 N=64 K=32 warps=4 stages=4,56064,49418.291931032734
        h8btil_b1_s2048_c128,ch_state_fwd,M=64 N=128 K=32 warps=4 stages=4,40352,35658.67538652803
        h8btil_b1_s2048_c128,ch_state_fwd,M=128 N=32 K=32 warps=4 stages=4,76480,65257.12393483953
        h8btil_b1_s2048_c128,ch_state_fwd,M=64 N=32 K=32 warps=2 stages=5,50368,48096.29355148863
        h8btil_b1_s2048_c128,ch_state_fwd,M=32 N=64 K=32 warps=2 stages=5,61664,61626.523511139094
        h8btil_b1_s2048_c128,ch_state_fwd,M=64 N=64 K=32 warps=2 stages=4,42656,40149.5167573492
        h8btil_b1_s2048_c128,state_pass_fwd,BLOCK=64 warps=4 stages=3,65664,69510.48494915215
        h8btil_b1_s2048_c128,state_pass_fwd,BLOCK=128 warps=4 stages=3,38784,40063.54321882672
        h8btil_b1_s2048_c128,state_pass_fwd,BLOCK=256 warps=4 stages=3,28448,28333.856050140377
        h8btil_b1_s2048_c128,state_pass_fwd,BLOCK=512 warps=4 stages=3,24672,26924.595101694125
        h8btil_b1_s2048_c128,state_pass_fwd,BLOCK=1024 warps=4 stages=3,28224,26320.222725589043
        h8btil_b1_s2048_c128,state_pass_fwd,BLOCK=2048 warps=4 stages=3,28960,26895.145436751853
        h8btil_b1_s2048_c128,bmm_ch_fwd,M=128 N=256 K=64 warps=8 stages=3,8288,7899.535767367235
        h8btil_b1_s2048_c128,bmm_ch_fwd,M=64 N=256 K=32 warps=4 stages=4,7808,7368.830159930273
        h8btil_b1_s2048_c128,bmm_ch_fwd,M=128 N=128 K=32 warps=4 stages=4,7296,7015.800899919598
        h8btil_b1_s2048_c128,bmm_ch_fwd,M=128 N=64 K=32 warps=4 stages=4,7296,6742.298838841458
        h8btil_b1_s2048_c128,bmm_ch_fwd,M=64 N=128 K=32 warps=4 stages=4,7200,6679.727384737514
        h8btil_b1_s2048_c128,bmm_ch_fwd,M=128 N=32 K=32 warps=4 stages=4,7360,6859.463749623919
        h8btil_b1_s2048_c128,bmm_ch_fwd,M=64 N=32 K=32 warps=2 stages=5,8384,7797.1228757725685
        h8btil_b1_s2048_c128,bmm_ch_fwd,M=32 N=64 K=32 warps=2 stages=5,8544,7679.185345539677
        h8btil_b1_s2048_c128,bmm_ch_fwd,M=64 N=64 K=32 warps=2 stages=4,7616,6845.891361420279
        h8btil_b1_s2048_c128,ch_scan_fwd,M=64 N=256 K=32 warps=4 stages=4,199616,217038.54138021768
        h8btil_b1_s2048_c128,ch_scan_fwd,M=128 N=128 K=32 warps=4 stages=4,170048,166249.2809159304
        h8btil_b1_s2048_c128,ch_scan_fwd,M=128 N=64 K=32 warps=4 stages=4,146176,152297.84312137647
        h8btil_b1_s2048_c128,ch_scan_fwd,M=64 N=128 K=32 warps=4 stages=4,101376,108209.29757191773
        h8btil_b1_s2048_c128,ch_scan_fwd,M=128 N=64 K=64 warps=4 stages=4,148448,160969.951927614
        h8btil_b1_s2048_c128,ch_scan_fwd,M=64 N=128 K=64 warps=4 stages=4,164576,195424.95205244792
        h8btil_b1_s2048_c128,ch_scan_fwd,M=128 N=32 K=32 warps=4 stages=4,155008,158650.84469926008
        h8btil_b1_s2048_c128,ch_scan_fwd,M=64 N=32 K=32 warps=2 stages=5,131360,129483.91187435588
        h8btil_b1_s2048_c128,ch_scan_fwd,M=32 N=64 K=32 warps=2 stages=5,80992,79068.69277453453
        h8btil_b1_s2048_c128,ch_scan_fwd,M=64 N=64 K=32 warps=2 stages=4,81824,79889.64409408858
        """
}
