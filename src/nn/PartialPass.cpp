#include "nn/PartialPass.h"

#include <algorithm>
#include <cassert>

namespace nn {

bool canFeed(const Network& network, const Feed& feed) {
  if (feed.from < 0 || feed.to < 0 || network.node(feed.from).shape != network.node(feed.to).shape) return false;
  const Network::Node& to = network.node(feed.to);
  return to.layer->type() == "input" && std::all_of(to.consumers.begin(), to.consumers.end(), [&](int node) { return node > feed.from; });
}

PartialPass::PartialPass(const Network& network, std::span<const int> ends, std::string_view group, Feed feed) : m_feed(feed) {
  assert(feed.from < 0 || canFeed(network, feed));
  const int count = int(network.nodes().size());
  m_computes.assign(std::size_t(count), false);
  m_learns = m_wantsGradient = m_computes;
  for (const int end : ends) m_computes[std::size_t(end)] = true;
  for (int i = count; i-- > 0;) {
    // What reads the fed input lies behind, and has said so.
    if (i == feed.from && m_computes[std::size_t(feed.to)]) m_computes[std::size_t(i)] = true;
    if (!computes(i)) continue;
    for (const int input : network.node(i).inputs) m_computes[std::size_t(input)] = true;
  }
  for (int i = 0; i < count; ++i) {
    const Network::Node& node = network.node(i);
    const auto index = std::size_t(i);
    m_learns[index] = computes(i) && node.parameterCount > 0 && (group.empty() || node.group == group);
    m_wantsGradient[index] =
        learns(i) || std::any_of(node.inputs.begin(), node.inputs.end(), [&](int input) { return wantsGradient(input); });
    if (i == feed.from && computes(i)) m_wantsGradient[std::size_t(feed.to)] = wantsGradient(i);
  }
}

}  // namespace nn
