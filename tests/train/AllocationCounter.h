// This test program replaces operator new, to count allocations and to let them fail. The switches concern all threads.
#pragma once

#include <cstddef>

namespace testalloc {

void startCounting();
std::size_t stopCounting();  // allocations since startCounting(), of any thread
// Allocations of at least so many bytes throw std::bad_alloc; 0: none do.
void failFrom(std::size_t bytes);

}  // namespace testalloc
