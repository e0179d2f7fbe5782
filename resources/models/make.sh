#!/usr/bin/env bash
# Trains the models that ConvScope ships, with its own trainer: resources/models/make.sh MNIST_FOLDER [MODEL...]
# MNIST_FOLDER holds the four IDX files. The seed decides everything, so the same program on the same kind of processor gives
# the same files; elsewhere the sums are rounded a little differently, and the accuracies agree to a few hundredths of a percent.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${CONVSCOPE:-$here/../../build/release/convscope}
[ $# -ge 1 ] || { sed -n '2,4s/^# //p' "$0"; exit 2; }
data=$1
shift
models=("$@")
[ $# -gt 0 ] || models=(softmax mlp lenet5 harley edges)

make_model() {
  local name=$1
  shift
  echo "== $name"
  "$program" train "$name" --data "$data" --seed 1 --out "$here/$name.onnx" "$@"
}

for model in "${models[@]}"; do
  case $model in
    # A little weight decay keeps the ten weight pictures calm where no digit ever has ink.
    softmax) make_model softmax --epochs 12 --schedule cosine --weight-decay 0.0003 ;;
    mlp) make_model mlp --epochs 12 --schedule cosine ;;
    lenet5) make_model lenet5 --epochs 20 --augment --schedule one-cycle --learning-rate 0.002 ;;
    harley) make_model harley --epochs 20 --augment --augment-rotate 18 --schedule one-cycle --learning-rate 0.004 ;;
    # Weight decay leaves kernels of which each looks for an edge of its own: map 1 for upright ones, map 3 for lying ones.
    edges) make_model edges --epochs 20 --augment --augment-rotate 12 --schedule one-cycle --learning-rate 0.004 --weight-decay 0.001 ;;
    *) echo "there is no recipe for '$model'" >&2; exit 2 ;;
  esac
done

check() {
  printf '%-40s' "$*"
  "$program" evaluate "$@" --data "$data" 2>/dev/null | head -1
}
for model in "${models[@]}"; do
  check "$here/$model.onnx"
  [ "$model" = harley ] || continue
  check "$here/harley.onnx" --through-pad --shift 4
  check "$here/harley.onnx" --through-pad --scale 0.5
  check "$here/harley.onnx" --through-pad --rotate 20
done
