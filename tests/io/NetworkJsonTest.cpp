#include <gtest/gtest.h>
#include <set>

#include <QTemporaryDir>

#include "io/Files.h"
#include "io/Json.h"
#include "io/Model.h"
#include "io/ModelTools.h"

namespace {

using modeltest::refusalOf;

nn::Issue refusedJson(const QByteArray& json) {
  return refusalOf([&] { io::readNetworkJson(json, "test.json"); });
}

TEST(NetworkJson, EveryShippedNetworkIsValidAndComesBackTheSame) {
  const std::vector<nn::NetworkSpec> specs = io::shippedNetworks();
  ASSERT_GE(specs.size(), 5u);
  EXPECT_EQ(specs.front().name, "harley");
  std::set<std::string> names;
  for (const nn::NetworkSpec& spec : specs) {
    SCOPED_TRACE(spec.name);
    names.insert(spec.name);
    EXPECT_TRUE(nn::validate(spec).empty());
    EXPECT_FALSE(spec.title.empty());
    EXPECT_FALSE(spec.description.empty());
    EXPECT_EQ(io::readNetworkJson(io::writeNetworkJson(spec), "again"), spec);
  }
  for (const char* name : {"harley", "mlp", "lenet5", "softmax"}) EXPECT_TRUE(names.contains(name)) << name;
}

TEST(NetworkJson, ShippedNetworksHaveTheParametersOfTheLiterature) {
  const auto count = [](const char* name) { return nn::Network::create(io::loadNetworkSpec(name))->parameterCount(); };
  EXPECT_EQ(count("harley"), 63802u);
  EXPECT_EQ(count("mlp"), 784u * 300 + 300 + 300 * 100 + 100 + 100 * 10 + 10);
  EXPECT_EQ(count("softmax"), 7850u);
  EXPECT_EQ(count("vgg-mini"), 467818u);
  // LeCun et al. 1998, layer by layer; the outputs are dense here.
  const auto lenet = nn::Network::create(io::loadNetworkSpec("lenet5"));
  const auto of = [&](const char* name) { return lenet->node(lenet->find(name)).parameterCount; };
  EXPECT_EQ(of("C1"), 156u);
  EXPECT_EQ(of("S2"), 12u);
  EXPECT_EQ(of("C3"), 1516u);
  EXPECT_EQ(of("S4"), 32u);
  EXPECT_EQ(of("C5"), 48120u);
  EXPECT_EQ(of("F6"), 10164u);
}

TEST(NetworkJson, EveryKindOfValueComesBack) {
  nn::NetworkSpec spec;
  spec.name = "odd";
  spec.title = "Quotes \" and \\ and umlauts: \xC3\xA4";
  spec.description = "two\nlines";
  spec.nodes = {{"input", "input", {}, {{"channels", std::int64_t(3)}, {"height", std::int64_t(8)}, {"width", std::int64_t(8)}}},
                {"a", "conv2d", {"input"}, {{"filters", std::int64_t(2)}, {"kernel", std::vector<std::int64_t>{3, 1}}, {"bias", false}}},
                {"d", "dropout", {}, {{"rate", 0.0}}},
                {"e", "dropout", {}, {{"rate", 1.0 / 3}}}};
  spec.outputs = {"e"};
  spec.classNames = {"cat", "dog"};
  spec.input = {nn::InputColors::Gray, -1, 1, {0.5, 1.0 / 3, 0}, {0.25}, nn::InkPolarity::DarkOnLight, nn::InputFit::Crop};
  EXPECT_EQ(io::readNetworkJson(io::writeNetworkJson(spec), "again"), spec);
}

TEST(NetworkJson, SyntaxErrorsNameLineAndColumn) {
  const nn::Issue issue = refusedJson("{\n  \"name\": \"x\",\n  \"nodes\": [1 2]\n}\n");
  EXPECT_EQ(issue.where, "test.json");
  EXPECT_NE(issue.what.find("line 3"), std::string::npos) << issue.what;
  EXPECT_NE(issue.what.find("column"), std::string::npos) << issue.what;
}

// Of two values of a key one would be taken without a word, and a list of nothing for no list.
// The usual advice, a comma, would mislead.
TEST(NetworkJson, WhatIsNoObjectAtAllIsToldAsWhatItIs) {
  for (const auto& [json, told] :
       {std::pair(QByteArray(), "the file is empty"), std::pair(QByteArray(" \n"), "the file is empty"),
        std::pair(QByteArray("null"), "in braces, but it is nothing (null)"), std::pair(QByteArray("\"a\""), "in braces, but it is a text"),
        std::pair(QByteArray("12\n"), "in braces, but it is a number"), std::pair(QByteArray("[1]"), "in braces"),
        std::pair(QByteArray("hello"), "this is not JSON"), std::pair(QByteArray("\xff\xfe{\0}\0", 6), "its text is UTF-16"),
        std::pair(QByteArray("\0{\0}", 4), "its text is UTF-16")}) {
    const nn::Issue issue = refusedJson(json);
    EXPECT_NE(issue.what.find(told), std::string::npos) << issue.what;
    EXPECT_EQ(issue.hint.find("comma"), std::string::npos) << issue.what;
  }
}

TEST(NetworkJson, WholeNumbersAreReadToTheLastDigit) {
  const QJsonObject object = io::parseJsonObject(R"({"seed": 9007199254740993})", "test.json", "a recipe");
  EXPECT_EQ(io::jsonScalar(object["seed"]), nn::FieldValue(std::int64_t(9007199254740993)));
}

TEST(NetworkJson, KeysThatStandTwiceAndEmptyListsAreRefused) {
  const nn::Issue twice = refusedJson("{\"nodes\": [\n{\"name\": \"d\", \"type\": \"dense\", \"units\": 1,\n\"un\\u0069ts\": 2}]}");
  EXPECT_NE(twice.what.find("'units' stands twice in one object, again at line 3"), std::string::npos) << twice.what;
  EXPECT_NE(refusedJson(R"({"name": "a", "nodes": [], "name": "b"})").what.find("'name' stands twice"), std::string::npos);
  EXPECT_EQ(refusedJson(R"({"name": "a\":\\", "title": "name", "nodes": 1})").what.find("twice"), std::string::npos);
  const QByteArray input = R"({"nodes": [{"name": "i", "type": "input", "inputs": [], "channels": 1, "height": 8, "width": 8},)";
  EXPECT_NE(refusedJson(input + R"({"name": "d", "type": "dense", "units": 2, "inputs": []}]})").what.find("'inputs' is an empty list"),
            std::string::npos);
  EXPECT_NE(refusedJson(input + R"({"name": "d", "type": "dense", "units": 2}], "outputs": []})").what.find("'outputs' is an empty"),
            std::string::npos);
  EXPECT_NE(
      refusedJson(input + R"({"name": "d", "type": "dense", "initialization": "he", "initialisation": "he"}]})").what.find("given twice"),
      std::string::npos);
  EXPECT_EQ(io::readNetworkJson(input + R"({"name": "d", "type": "dense", "units": 2}]})", "x").nodes.size(), 2u) << "an input reads none";
}

TEST(NetworkJson, WrongTypesAreNamed) {
  EXPECT_NE(refusedJson("[]").what.find("object"), std::string::npos);
  EXPECT_NE(refusedJson("{}").what.find("'nodes' is missing"), std::string::npos);
  EXPECT_NE(refusedJson(R"({"nodes": 3})").what.find("'nodes' must be a list, but it is a number"), std::string::npos);
  EXPECT_NE(refusedJson(R"({"nodes": ["a"]})").what.find("object"), std::string::npos);
  EXPECT_NE(refusedJson(R"({"nodes": [{"type": "input"}]})").what.find("'name' is missing"), std::string::npos);
  EXPECT_NE(refusedJson(R"({"name": 5, "nodes": []})").what.find("'name' must be a text, but it is a number"), std::string::npos);
  EXPECT_NE(refusedJson(R"({"nodes": [], "outputs": [1]})").what.find("list of texts"), std::string::npos);
  const nn::Issue field = refusedJson(R"({"nodes": [{"name": "c", "type": "conv2d", "kernel": [3, "x"]}]})");
  EXPECT_NE(field.where.find("node 'c'"), std::string::npos) << field.where;
  EXPECT_NE(field.what.find("'kernel'"), std::string::npos) << field.what;
  EXPECT_NE(refusedJson(R"({"nodes": [{"name": "c", "type": "conv2d", "kernel": {"a": 1}}]})").what.find("'kernel'"), std::string::npos);
}

TEST(NetworkJson, WhatIsSaidOfTheInputMustMeanSomething) {
  const auto json = [](const char* input) -> QByteArray {
    return R"({"nodes": [{"name": "i", "type": "input", "channels": 1, "height": 8, "width": 8}, {"name": "d", "type": "dense", "units": 2}], "input": )" +
           QByteArray(input) + "}";
  };
  EXPECT_EQ(refusedJson(json("3")).what, "'input' must be an object, but it is a number");
  const nn::Issue fit = refusedJson(json(R"({"fit": "somehow"})"));
  EXPECT_EQ(fit.what, "'fit' is 'somehow', which is none of its values");
  EXPECT_EQ(fit.hint, "It is one of: by shape, mnist, fit, crop, stretch");
  EXPECT_EQ(fit.where, "test.json, 'input'");
  EXPECT_NE(refusedJson(json(R"({"range": [1]})")).what.find("two numbers"), std::string::npos);
  EXPECT_NE(refusedJson(json(R"({"gamma": 2})")).what.find("unknown key 'gamma'"), std::string::npos);
  const auto issue = [&](const char* input) {
    const std::vector<nn::Issue> issues = nn::validate(io::readNetworkJson(json(input), "test.json"));
    return issues.size() == 1 ? issues[0].what : std::to_string(issues.size()) + " issues";
  };
  EXPECT_EQ(issue(R"({"range": [0, 255], "mean": [0.5], "deviation": 0.5})"), "0 issues");
  EXPECT_EQ(issue(R"({"mean": [0.5, 0.5, 0.5]})"), "there are 3 numbers in 'mean', and the input has 1 channel");
  EXPECT_EQ(issue(R"({"deviation": [0]})"), "'deviation' must be larger than 0, since it is divided by");
  EXPECT_EQ(issue(R"({"range": [1, 1]})"), "'range' must say two numbers, what black and what white is");
  EXPECT_EQ(issue(R"({"colors": "rgb"})"), "'colors' is rgb, and the input has 1 channel");
}

TEST(NetworkJson, UnknownKeysAreNamed) {
  EXPECT_NE(refusedJson(R"({"nodes": [], "layers": []})").what.find("'layers'"), std::string::npos);
  // A field that the layer does not have is an issue of the network.
  const nn::NetworkSpec spec =
      io::readNetworkJson(R"({"nodes": [{"name": "i", "type": "input", "channels": 1, "height": 4, "width": 4, "color": 2}]})", "t");
  const std::vector<nn::Issue> issues = nn::validate(spec);
  ASSERT_FALSE(issues.empty());
  EXPECT_TRUE(std::any_of(issues.begin(), issues.end(), [](const nn::Issue& issue) {
    return issue.what.find("color") != std::string::npos;
  })) << issues[0].what;
}

struct Impossible {
  const char* json;
  const char* word;  // of the first issue, or of where it is
};

TEST(NetworkJson, ImpossibleNetworksAreIssuesNotCrashes) {
  const char* input = R"({"name": "i", "type": "input", "channels": 1, "height": 8, "width": 8})";
  const Impossible cases[] = {
      {R"({"name": "c", "type": "conv2d", "filters": 2, "kernel": 9})", "larger"},
      {R"({"name": "c", "type": "convolution3d"})", "convolution3d"},
      {R"({"name": "a", "type": "activation", "inputs": ["b"]}, {"name": "b", "type": "activation", "inputs": ["a"]})", "cycle"},
      {R"({"name": "a", "type": "activation", "inputs": ["nobody"]})", "nobody"},
      {R"({"name": "i", "type": "dense", "units": 3})", "i"},
      {R"({"name": "d", "type": "dense", "units": 2000000000})", "units"},
      {R"({"name": "d", "type": "dense", "units": 3.5})", "units"},
      {R"({"name": "d", "type": "dense", "units": "ten"})", "units"},
      {R"({"name": "d", "type": "dense"})", "units"},
  };
  for (const Impossible& one : cases) {
    SCOPED_TRACE(one.json);
    const QByteArray json = QByteArray("{\"nodes\": [") + input + ", " + one.json + "]}";
    const std::vector<nn::Issue> issues = nn::validate(io::readNetworkJson(json, "t"));
    ASSERT_FALSE(issues.empty());
    EXPECT_TRUE(issues[0].what.find(one.word) != std::string::npos || issues[0].where.find(one.word) != std::string::npos)
        << issues[0].where << ": " << issues[0].what;
  }
}

TEST(NetworkJson, EveryTruncationAndMutationIsReadOrRefused) {
  const QByteArray json = io::writeNetworkJson(io::loadNetworkSpec("lenet5"));
  for (qsizetype length = 0; length < json.size(); length += 3) {
    try {
      nn::validate(io::readNetworkJson(json.left(length), "t"));
    } catch (const nn::Error&) {
    }
  }
  std::uint32_t state = 1;
  const auto next = [&] { return state = state * 1664525u + 1013904223u, state >> 8; };
  int read = 0;
  for (int round = 0; round < 3000; ++round) {
    QByteArray changed = json;
    for (int i = 0; i < 3; ++i) changed[qsizetype(next() % std::uint32_t(json.size()))] = char(next());
    try {
      nn::validate(io::readNetworkJson(changed, "t"));
      ++read;
    } catch (const nn::Error&) {
    }
  }
  EXPECT_GT(read, 0);
  EXPECT_LT(read, 3000);
}

TEST(NetworkJson, FilesAreFoundByNameAndByPath) {
  QTemporaryDir folder;
  const QString path = folder.filePath("mine.json");
  modeltest::writeAll(path, R"({"nodes": [{"name": "i", "type": "input", "channels": 1, "height": 4, "width": 4}]})");
  EXPECT_EQ(io::loadNetworkSpec(path).name, "mine");
  EXPECT_NE(refusalOf([&] { io::loadNetworkSpec(folder.filePath("other.json")); }).what.find("no such file"), std::string::npos);
  const nn::Issue unknown = refusalOf([] { io::loadNetworkSpec("harvey"); });
  EXPECT_NE(unknown.hint.find("harley"), std::string::npos) << unknown.hint;
  EXPECT_NE(refusalOf([&] { io::loadNetworkSpec(folder.path()); }).what.find("folder"), std::string::npos);
}

TEST(NetworkJson, ATaskThatThereIsNotIsRefusedWithThoseThatThereAre) {
  const QByteArray json = R"({"task": "telepathy", "nodes": [{"name": "in", "type": "input", "channels": 1, "height": 4, "width": 4}]})";
  try {
    io::readNetworkJson(json, "some.json");
    FAIL() << "it was read";
  } catch (const nn::Error& error) {
    EXPECT_NE(error.message().find("there is no task 'telepathy'"), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("classify"), std::string::npos) << error.message();
  }
}

TEST(NetworkJson, WhatCannotBeIsOfAFileAndALayer) {
  QTemporaryDir folder;
  const QString path = folder.filePath("mine.json");
  const auto refused = [&](const char* nodes) {
    io::writeFile(path, QByteArray(R"({"name": "net", "nodes": [{"name": "input", "type": "input"})") + nodes + "]}");
    return refusalOf([&] { io::loadNetwork(path); });
  };
  EXPECT_EQ(refused(R"(, {"name": "conv1", "type": "conv2d", "kernel": 0})").where, "mine.json, node 'conv1'");
  EXPECT_EQ(refused(R"(, {"name": "conv1", "type": "cnv"})").where, "mine.json, node 'conv1'");
  EXPECT_EQ(refused("").where, "mine.json");
}

}  // namespace
