// A method that only tests know: every pixel counts as much as it is bright, times a field.
#include "analysis/attribution/Maps.h"

namespace analysis {

Method describeEcho() {
  Method method{"echo", "Echo", "Tells every pixel its own value.", "Nobody"};
  method.fields = {{"echo-factor", "Factor", "What each value is multiplied by.", 1.0, 0.0, 100.0}};
  method.run = [](const Question& question, const Progress& progress) -> std::optional<Result> {
    if (progress && !progress(0.5)) return std::nullopt;
    Result result;
    result.map = sumOfChannels(question.inputShape(), question.request.inputs.front());
    for (float& value : result.map.values) value *= float(std::get<double>(question.request.fields.at("echo-factor")));
    result.isSigned = true;
    result.words = {"echo", "dark", "bright"};
    return result;
  };
  return method;
}

}  // namespace analysis
