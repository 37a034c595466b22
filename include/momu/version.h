/* momu/version.h - the version of this header, and of the library that is linked. */
#ifndef MOMU_VERSION_H
#define MOMU_VERSION_H

/* Semantic version of the source. */
#define MOMU_VERSION_MAJOR 0
#define MOMU_VERSION_MINOR 1
#define MOMU_VERSION_PATCH 0
#define MOMU_VERSION_STRING "0.1.0"

/* The soname's number: a program linked against one API version never meets another. 0 while the
 * API still grows. */
#define MOMU_API_VERSION 0

#endif
