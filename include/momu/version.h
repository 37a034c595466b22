/**
 * @file momu/version.h
 * The version of these headers. momu_version() and momu_version_number() give the linked library's.
 */
#ifndef MOMU_VERSION_H
#define MOMU_VERSION_H

/* The semantic version of the source (docs/abi.md says what each number promises). */
#define MOMU_VERSION_MAJOR 0        /**< grows when something is removed or changes its meaning */
#define MOMU_VERSION_MINOR 1        /**< grows when functions or fields are added */
#define MOMU_VERSION_PATCH 0        /**< grows with corrections alone */
#define MOMU_VERSION_STRING "0.1.0" /**< the three numbers as text */

/** A version as one number that grows with it: 1.2.3 is 10203. */
#define MOMU_MAKE_VERSION(major, minor, patch) ((major)*10000 + (minor)*100 + (patch))

/** The version of these headers as one number. */
#define MOMU_VERSION_NUMBER                                                                        \
    MOMU_MAKE_VERSION(MOMU_VERSION_MAJOR, MOMU_VERSION_MINOR, MOMU_VERSION_PATCH)

/** Whether these headers are of the given version or a later one. For the preprocessor. */
#define MOMU_VERSION_AT_LEAST(major, minor, patch)                                                 \
    (MOMU_VERSION_NUMBER >= MOMU_MAKE_VERSION(major, minor, patch))

/** The number in the library's file name (libmomu.so.0). The loader gives a program the library of
 * the number that it was linked against. 0 until 1.0. */
#define MOMU_API_VERSION 0

#endif
