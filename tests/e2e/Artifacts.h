// Pictures that a run of the tests leaves behind, in <build folder>/artifacts, for a person to look at.
#pragma once

#include <functional>

#include <QImage>
#include <QString>

namespace e2e {

// Of the whole screen, as a person would see it.
QImage screenPicture();

// What `take` shows once it rests: several pictures in a row are the same. The last one, and a failure, where it never does.
QImage restingPicture(const std::function<QImage()>& take, int timeoutMs = 30000);

// Writes the picture as artifacts/NAME.png and returns it.
QImage keep(const QImage& picture, const QString& name);

// How many different colors a picture shows, up to `limit`: one for a blank window.
int colorCount(const QImage& picture, int limit = 64);

// The share of pixels, 0..1, in which two pictures of one size differ visibly.
double differingShare(const QImage& a, const QImage& b);

}  // namespace e2e
