// What libc++ has not finished of the C++20 threads, declared so that sources can be compiled with it to see which includes are missing
// (./run.sh includes puts this before each of them). Nothing is linked, so nothing is defined.
#pragma once

#include <cstddef>
#include <thread>

#if defined(_LIBCPP_VERSION) && !defined(__cpp_lib_jthread)
namespace std {

struct stop_token {
  bool stop_requested() const noexcept;
  bool stop_possible() const noexcept;
};

class jthread {
 public:
  jthread() noexcept;
  template <typename Function, typename... Arguments>
  explicit jthread(Function&& function, Arguments&&... arguments);
  jthread(jthread&&) noexcept;
  jthread& operator=(jthread&&) noexcept;
  ~jthread();
  bool joinable() const noexcept;
  void join();
  bool request_stop() noexcept;
  stop_token get_stop_token() const noexcept;
};

}  // namespace std
#endif
