// This test program replaces operator new, to count allocations and to let them fail. The switches concern all threads.
#pragma once

#include <cstddef>

namespace testalloc {

void startCounting();
std::size_t stopCounting();  // allocations since startCounting(), of any thread
std::size_t liveBytes();     // what is allocated now and not yet freed
// Allocations of at least so many bytes throw std::bad_alloc; 0: none do.
void failFrom(std::size_t bytes);

}  // namespace testalloc
