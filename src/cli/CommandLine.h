// The words behind a command as named values. One Option row gives the parsing, the check and the line of help. Plain data,
// no thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <QString>
#include <QStringList>

#include "nn/Fields.h"

namespace cli {

enum class Kind { Flag, Text, Whole, Real, Size };

struct Option {
  QString name;  // without the dashes
  Kind kind = Kind::Flag;
  QString valueName;  // in the help: "N"
  QString help;       // one sentence
  QString standard;   // default; empty: none
  double minimum = -1e300;
  double maximum = 1e300;
  QStringList choices;  // of a text
  bool required = false;
  bool mayBeEmpty = false;  // a text that is none where it is empty
};

// The row of a setting: it reads what the setting takes.
Option optionOf(const nn::FieldInfo& field);

bool namesFile(const Option& option);  // or a folder

// Wrong usage, told with the word that was wrong: exit status 2.
struct UsageError {
  QString what;
  QString unknownOption = {};  // its name, where that is what is wrong
};

// The candidate that `word` is most likely a slip of, or the beginning of; empty where none is near, and for an empty word.
QString nearest(const QString& word, const QStringList& candidates);

class Arguments {
 public:
  // Throws UsageError at the first word that would be ignored or guessed at: unknown, empty, out of range, without the value that belongs
  // to it. Of an option that is given twice the last one counts, as wrappers of commands expect, with a note. `fewest`, `most`: operands;
  // most < 0: any number. operandNames: "MODEL IMAGE...".
  static Arguments parse(const QStringList& words, const std::vector<Option>& options, int fewest, int most,
                         const QString& operandNames = {});

  const QStringList& operands() const { return m_operands; }
  bool has(const QString& name) const { return m_values.contains(name); }
  const QStringList& notes() const { return m_notes; }                      // what a person must know of how the words were taken
  bool given(const QString& name) const { return m_given.contains(name); }  // not by default
  // Throws UsageError "--name reason" where the option was given although it has no effect.
  void refuse(const QString& name, bool hasNoEffect, const QString& reason) const;
  QString text(const QString& name) const;
  qint64 whole(const QString& name) const;
  double real(const QString& name) const;
  std::pair<int, int> size(const QString& name) const;     // "1280x800"
  nn::FieldValue value(const nn::FieldInfo& field) const;  // of the option that optionOf() made

 private:
  void complete(const std::vector<Option>& options, int fewest, int most, const QString& operandNames);

  QStringList m_operands;
  QStringList m_given, m_notes;
  std::map<QString, QString> m_values;  // defaults included
};

// The lines of help of the options, columns aligned.
QString helpOf(const std::vector<Option>& options);

}  // namespace cli
