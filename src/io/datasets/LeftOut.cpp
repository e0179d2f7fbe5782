#include "io/datasets/LeftOut.h"

#include <algorithm>

#include "io/FileNames.h"

namespace io {
namespace {

constexpr std::size_t kNames = 3;

void tell(std::vector<std::string>& sentences, const std::vector<std::string>& names, const char* one, const char* many) {
  if (names.empty()) return;
  std::string sentence = names.size() == 1 ? one : std::to_string(names.size()) + " " + many;
  for (std::size_t i = 0; i < std::min(kNames, names.size()); ++i) sentence += (i == 0 ? ": " : ", ") + names[i];
  if (names.size() > kNames) sentence += " and " + std::to_string(names.size() - kNames) + " more";
  sentences.push_back(std::move(sentence));
}

}  // namespace

std::string LeftOut::named(const QString& path) const {
  return shownName(path.startsWith(m_root) ? path.mid(m_root.size()) : path);
}

std::vector<std::string> LeftOut::sentences() const {
  std::vector<std::string> all;
  tell(all, m_folders, "1 folder could not be read and was left out", "folders could not be read and were left out");
  tell(all, m_pictures, "1 picture could not be read and was left out", "pictures could not be read and were left out");
  tell(all, m_parts, "1 picture was understood in part", "pictures were understood in part");
  tell(all, m_links, "1 link leads to nothing and was left out", "links lead to nothing and were left out");
  tell(all, m_others, "1 file is no picture and was left out", "files are no pictures and were left out");
  tell(all, m_inner, "1 folder inside that of a class was not looked into", "folders inside those of the classes were not looked into");
  tell(all, m_beside, "1 picture lies beside the folders of the classes and was left out",
       "pictures lie beside the folders of the classes and were left out");
  tell(all, m_outside, "1 folder without pictures was passed over", "folders without pictures were passed over");
  tell(all, m_emptyClasses, "1 class has no pictures", "classes have no pictures");
  tell(all, m_otherClasses, "1 folder is of a class that the training pictures do not have, and was left out",
       "folders are of classes that the training pictures do not have, and were left out");
  tell(all, m_scaled, "1 picture has another size than the others and was scaled",
       "pictures have another size than the others and were scaled");
  tell(all, m_colored, "1 picture is in color, the others are gray: it was made gray",
       "pictures are in color, most are gray: they were made gray");
  tell(all, m_turned, "1 picture has ink and paper the other way round than the others, and stays so",
       "pictures have ink and paper the other way round than most, and stay so");
  return all;
}

}  // namespace io
