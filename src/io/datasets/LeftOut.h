// What the loading of a folder passed over, and why: collected one by one, told as one sentence for each reason. A value; one thread.
#pragma once

#include <string>
#include <vector>

#include <QString>

namespace io {

class LeftOut {
 public:
  void picture(const QString& path, const std::string& why) { m_pictures.push_back(named(path) + " (" + why + ")"); }
  void partOf(const QString& path, const std::string& why) { m_parts.push_back(named(path) + " (" + why + ")"); }  // of a picture
  void folder(const QString& path, const std::string& why) { m_folders.push_back(named(path) + " (" + why + ")"); }
  void link(const QString& path) { m_links.push_back(named(path)); }
  void noPicture(const QString& path) { m_others.push_back(named(path)); }
  void inner(const QString& path) { m_inner.push_back(named(path)); }              // a folder where only pictures are looked for
  void beside(const QString& path) { m_beside.push_back(named(path)); }            // a picture where only folders are looked for
  void outside(const QString& path) { m_outside.push_back(named(path)); }          // a folder without pictures beside those of the classes
  void otherClass(const QString& path) { m_otherClasses.push_back(named(path)); }  // of a class that the training set does not have
  void scaled(const QString& path) { m_scaled.push_back(named(path)); }            // a picture of another size than the others
  void colored(const QString& path) { m_colored.push_back(named(path)); }          // a picture in color among gray ones
  void turned(const QString& path) { m_turned.push_back(named(path)); }            // ink and paper the other way round than in the others
  void emptyClass(const QString& path) { m_emptyClasses.push_back(named(path)); }

  // Names begin below this folder.
  explicit LeftOut(const QString& root) : m_root(root.endsWith('/') ? root : root + '/') {}
  // Counts and the first names.
  std::vector<std::string> sentences() const;

 private:
  std::string named(const QString& path) const;

  QString m_root;
  std::vector<std::string> m_pictures, m_parts, m_folders, m_links, m_others, m_inner, m_beside, m_outside, m_emptyClasses, m_otherClasses,
      m_scaled, m_colored, m_turned;
};

}  // namespace io
