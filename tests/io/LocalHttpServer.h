// A small HTTP server on this machine for the tests of downloads; its faults can be set. Runs in the test's event loop.
#pragma once

#include <QByteArray>
#include <QHash>
#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

namespace testing_support {

class LocalHttpServer : public QTcpServer {
 public:
  LocalHttpServer() {
    listen(QHostAddress::LocalHost);
    connect(this, &QTcpServer::newConnection, this, [this] {
      QTcpSocket* socket = nextPendingConnection();
      connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
      connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
    });
  }
  QUrl base() const { return QUrl(QString("http://127.0.0.1:%1/sets").arg(serverPort())); }

  QHash<QByteArray, QByteArray> files;  // "name" -> content
  QHash<QByteArray, QByteArray> moved;  // "name" -> the address where it is now
  bool knowsRanges = true;
  bool saysLength = true;
  bool silent = false;  // takes the request and never answers
  int status = 0;       // instead of any file
  int cuts = 0;         // so many answers end after cutAfter bytes
  qsizetype cutAfter = 0;
  QList<QByteArray> ranges;  // the Range header of every request, empty where there was none
  int requests = 0;

 private:
  void read(QTcpSocket* socket) {
    QByteArray& request = m_partial[socket];
    request += socket->readAll();
    if (!request.contains("\r\n\r\n")) return;
    answer(socket, std::exchange(request, {}));
  }
  void answer(QTcpSocket* socket, const QByteArray& request) {
    ++requests;
    QByteArray range;
    for (const QByteArray& line : request.split('\n')) {
      if (line.toLower().startsWith("range:")) range = line.mid(6).trimmed();
    }
    ranges.append(range);
    if (silent) return;
    const QByteArray path = request.split(' ').value(1);
    const QByteArray name = path.mid(path.lastIndexOf('/') + 1);
    if (moved.contains(name)) {
      send(socket, "302 Found", "Location: " + moved.value(name) + "\r\n", "", 0);
      return;
    }
    if (status != 0 || !files.contains(name)) {
      send(socket, QByteArray::number(status != 0 ? status : 404) + " Refused", "", "<html>an error page</html>", 0);
      return;
    }
    const QByteArray content = files.value(name);
    if (!knowsRanges || range.isEmpty()) {
      send(socket, "200 OK", "", content, 0);
      return;
    }
    const qsizetype from = range.mid(6, range.indexOf('-') - 6).toLongLong();
    if (from >= content.size()) {
      send(socket, "416 Range Not Satisfiable", "", "", 0);
    } else {
      const QByteArray header = "Content-Range: bytes " + QByteArray::number(from) + "-" + QByteArray::number(content.size() - 1) + "/" +
                                QByteArray::number(content.size()) + "\r\n";
      send(socket, "206 Partial Content", header, content, from);
    }
  }
  void send(QTcpSocket* socket, const QByteArray& statusLine, const QByteArray& headers, const QByteArray& content, qsizetype from) {
    QByteArray body = content.mid(from);
    const QByteArray length = saysLength ? "Content-Length: " + QByteArray::number(body.size()) + "\r\n" : QByteArray();
    socket->write("HTTP/1.1 " + statusLine + "\r\n" + headers + length + "Connection: close\r\n\r\n");
    if (cuts > 0 && statusLine.startsWith("20")) {
      --cuts;
      body.truncate(cutAfter);
    }
    socket->write(body);
    socket->disconnectFromHost();
  }
  QHash<QTcpSocket*, QByteArray> m_partial;
};

}  // namespace testing_support
