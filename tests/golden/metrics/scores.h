/* Made by make_golden.py. */
static const double LORIS[5] = {66.666666666667, 41.311822359546, 83.333333333333, 40.824829046386,
                                74.074074074074};
static const double FRECHET[3] = {0.119949710640, 0.940272106718, 0.001386286050};
