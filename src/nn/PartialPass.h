// A part of a network that a pass goes through (nn::Pass::part): what is computed on the way to some nodes, which of its parameters are
// learned on the way back, and an input that takes the values of another node instead of a picture, as a discriminator takes what a
// generator has made. Immutable; any thread.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "nn/Network.h"

namespace nn {

// The input `to` is given the values of `from`, and the gradient at the one goes on to the other. Negative: none.
struct Feed {
  int from = -1, to = -1;
  bool operator==(const Feed&) const = default;
};

// Whether a pass can do so: `to` is an input of the same shape, and everything that reads it comes behind `from` in the network's order.
bool canFeed(const Network& network, const Feed& feed);

class PartialPass {
 public:
  // All that leads to `ends`. group: whose parameters are learned (NodeSpec::group); empty: all. A feed must be one that can be.
  PartialPass(const Network& network, std::span<const int> ends, std::string_view group, Feed feed = {});

  bool computes(int node) const { return m_computes[std::size_t(node)]; }
  bool learns(int node) const { return m_learns[std::size_t(node)]; }                // its parameters
  bool wantsGradient(int node) const { return m_wantsGradient[std::size_t(node)]; }  // it learns, or something before it does
  const Feed& feed() const { return m_feed; }

 private:
  std::vector<bool> m_computes, m_learns, m_wantsGradient;  // of each node
  Feed m_feed;
};

}  // namespace nn
