// Marks a plain loop to be compiled several times, for the vector units of different x86-64 processors; the loader picks the
// best one for the machine. For loops over whole arrays whose speed is that of the memory; convolutions have their own kernels.
#pragma once

// Not with sanitizers: their run-time is not ready when the loader asks.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define CONVSCOPE_VECTOR_CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define CONVSCOPE_VECTOR_CLONES
#endif
