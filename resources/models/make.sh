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

# MNIST first, then together with digits as Europeans write them: a 1 with a long upstroke, a 7 with a bar, an open 4. Each stage goes on
# from the weights before it; the last ones are calm, which brings MNIST back to what it was.
make_harley() {
  local work
  work=$(mktemp -d)
  for count in 10000 14000; do "$program" generate --hand european --count $count --seed 1 --out "$work/european-$count" >/dev/null; done
  stage() {
    local from=$1 to=$2 more=$3
    shift 3
    echo "== harley, $to"
    "$program" train "$from" --data "$data$more" --out "$work/$to.onnx" --augment "$@"
  }
  stage harley first "" --seed 1 --epochs 20 --augment-rotate 18 --schedule one-cycle --learning-rate 0.004
  stage "$work/first.onnx" second "+$work/european-10000" --seed 1 --epochs 60 --augment-rotate 15 --schedule one-cycle --learning-rate 0.002
  stage "$work/second.onnx" third "+$work/european-10000" --seed 2 --epochs 40 --augment-rotate 10 --schedule cosine --learning-rate 0.0006
  stage "$work/third.onnx" fourth "+$work/european-14000" --seed 4 --epochs 50 --augment-rotate 10 --schedule one-cycle --learning-rate 0.001
  stage "$work/fourth.onnx" last "+$work/european-14000" --seed 5 --epochs 30 --augment-rotate 8 --schedule cosine --learning-rate 0.0003
  mv "$work/last.onnx" "$here/harley.onnx"
  rm -r "$work"
}

for model in "${models[@]}"; do
  case $model in
    # A little weight decay keeps the ten weight pictures calm where no digit ever has ink.
    softmax) make_model softmax --epochs 12 --schedule cosine --weight-decay 0.0003 ;;
    mlp) make_model mlp --epochs 12 --schedule cosine ;;
    lenet5) make_model lenet5 --epochs 20 --augment --schedule one-cycle --learning-rate 0.002 ;;
    harley) make_harley ;;
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
  european=$(mktemp -d)
  "$program" generate --hand european --count 10000 --seed 77 --test --out "$european" >/dev/null
  printf '%-40s' "European hands"
  "$program" evaluate "$here/harley.onnx" --data "$european" 2>/dev/null | head -1
  rm -r "$european"
done
