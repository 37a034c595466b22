/* A small set of pairs that tests make for themselves: clicks, and a figure that arrests on them.
 */
#ifndef MOMU_TEST_SYNTHETIC_H
#define MOMU_TEST_SYNTHETIC_H

/* Makes `count` pairs of `seconds` in a new folder and returns its path, to be removed by
 * synthetic_remove(). */
char *synthetic_folder(void);
void synthetic_pairs(const char *folder, int count, double seconds);
/* Every file of the folder, and the folder. */
void synthetic_remove(char *folder);

#endif
