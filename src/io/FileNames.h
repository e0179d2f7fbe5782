// File names as the system has them: bytes, which need not be UTF-8. Qt's file classes lose the odd bytes, so a QString holds each of
// them as a lone surrogate (U+DC00 + byte), and what is here finds the file again. Where all bytes are UTF-8, paths are the usual ones,
// resources (":/") among them. Free functions; thread: any.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <QFile>
#include <QString>
#include <QUrl>

namespace io {

QString pathOfBytes(std::string_view bytes);  // of an argument of the command line
// Of a word that a person wrote: Qt would take a name that begins with a colon for one of the program's own files.
QString pathOfWord(const QString& word);
QString pathOfUrl(const QUrl& url);  // of a file that was dropped; "%ff" is an odd byte
std::filesystem::path nativePath(const QString& path);
bool hasOddBytes(const QString& path);
// For people, messages and JSON: an odd byte stands as \xff.
QString shownPath(const QString& path);
std::string shownName(const QString& path);  // the same as UTF-8

bool pathExists(const QString& path);  // false for a link to nothing
// Where nothing is found although there may be something: "a folder on the way to it may not be entered", "the name is too long", "its
// links lead in a circle", "it is a link to 'x', which is not there". Empty: there is nothing.
std::string whyOutOfReach(const QString& path);
// Of a file that could not be opened: the same, else what the system says.
std::string whyNotOpened(const QFile& file, const QString& path);
bool isFolder(const QString& path);
bool isDevice(const QString& path);        // what may have no end
bool isPipeOrDevice(const QString& path);  // or a socket: what may have to be waited for, and has no end
bool isReadable(const QString& path);      // by this user; a folder: to be entered, too
QString pathIn(const QString& folder, const QString& name);
QString absolutePath(const QString& path);
// False where that fails, with the reason in file.errorString().
bool openForReading(QFile& file, const QString& path);

struct FolderEntry {
  // Dangling: a link that leads to nothing, or in a circle. Other: a pipe, a socket or a device, which would have to be waited for.
  enum class Kind { File, Folder, Dangling, Other };
  QString name;
  Kind kind = Kind::File;
};
// What lies in a folder, in the order of the names, without hidden ones. Throws nn::Error where it cannot be listed.
std::vector<FolderEntry> listFolder(const QString& folder);

}  // namespace io
