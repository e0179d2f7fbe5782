// What libc++ has not finished of the C++20 threads, so that sources can be compiled with it to see which includes are missing
// (./run.sh includes puts this before each of them). Nothing is linked: all but templates is only declared.
#pragma once

#include <chrono>
#include <condition_variable>
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
  explicit jthread(Function&&, Arguments&&...) {}
  jthread(jthread&&) noexcept;
  jthread& operator=(jthread&&) noexcept;
  ~jthread();
  bool joinable() const noexcept;
  void join();
  bool request_stop() noexcept;
  stop_token get_stop_token() const noexcept;
};

class condition_variable_any_with_stop : public condition_variable_any {
 public:
  using condition_variable_any::wait;
  template <typename Lock, typename Condition>
  bool wait(Lock&, const stop_token&, Condition) {
    return false;
  }
  using condition_variable_any::wait_until;
  template <typename Lock, typename Clock, typename Duration, typename Condition>
  bool wait_until(Lock&, const stop_token&, const chrono::time_point<Clock, Duration>&, Condition) {
    return false;
  }
};

}  // namespace std
#define condition_variable_any condition_variable_any_with_stop
#endif
