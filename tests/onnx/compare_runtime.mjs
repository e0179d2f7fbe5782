// Compares ConvScope's numbers with ONNX Runtime's: every shipped network and model and an example of every layer, 20 random
// inputs each, one by one and as one batch. Not part of the test run, since it needs a package from npm:
//
//   build/release/tests/onnx/onnx_samples /tmp/samples
//   cd /tmp && npm install --ignore-scripts onnxruntime-node@1.17.3
//   NODE_PATH=/tmp/node_modules node .../tests/onnx/compare_runtime.mjs /tmp/samples
//
// With the files of other programs (onnx_samples /tmp/samples resnet.onnx ...) it is the reader that is compared; files with a fixed
// batch size are compared one by one only. Prints the largest difference for each model, relative to the largest output (at least
// 1); fails above 1e-5.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const runtime = createRequire(import.meta.url)('onnxruntime-node');
const largestDifference = 1e-5;

function floatsOf(path) {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

// The samples of one model: given[input][sample] and wanted[output][sample].
function samplesOf(folder, entry) {
  const floats = floatsOf(join(folder, entry.name + '.bin'));
  const take = (tensors) => tensors.map(() => []);
  const given = take(entry.inputs), wanted = take(entry.outputs);
  let at = 0;
  for (let sample = 0; sample < entry.samples; ++sample) {
    for (const [tensors, to] of [[entry.inputs, given], [entry.outputs, wanted]])
      tensors.forEach(({ values }, i) => { to[i].push(floats.subarray(at, at += values)); });
  }
  if (at !== floats.length) throw new Error(`${entry.name}.bin has another size than index.json says`);
  return { given, wanted };
}

function joined(arrays) {
  const all = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) { all.set(array, at); at += array.length; }
  return all;
}

async function differenceOf(session, entry, { given, wanted }, first, count) {
  const feeds = {};
  // Other programs' files have other names, in the same order.
  entry.inputs.forEach(({ dims }, i) => {
    feeds[session.inputNames[i]] = new runtime.Tensor('float32', joined(given[i].slice(first, first + count)), [count, ...dims]);
  });
  const results = await session.run(feeds);
  let difference = 0, scale = 1;
  entry.outputs.forEach(({ name }, i) => {
    const expected = joined(wanted[i].slice(first, first + count)), found = results[session.outputNames[i]].data;
    if (found.length !== expected.length) throw new Error(`${entry.name}: ${name} has ${found.length} values, not ${expected.length}`);
    for (let k = 0; k < expected.length; ++k) {
      const distance = Math.abs(found[k] - expected[k]);
      difference = Number.isNaN(distance) ? Infinity : Math.max(difference, distance);
      scale = Math.max(scale, Math.abs(expected[k]));
    }
  });
  return difference / scale;
}

async function compare(folder) {
  let worst = 0;
  const index = JSON.parse(readFileSync(join(folder, 'index.json')));
  for (const entry of index) {
    const session = await runtime.InferenceSession.create(join(folder, entry.name + '.onnx'));
    const samples = samplesOf(folder, entry);
    let difference = 0;
    try {
      difference = await differenceOf(session, entry, samples, 0, entry.samples);
    } catch (error) {
      if (!/invalid dimensions/i.test(error.message)) throw error;
    }
    for (let sample = 0; sample < entry.samples; ++sample)
      difference = Math.max(difference, await differenceOf(session, entry, samples, sample, 1));
    console.log(`${entry.name.padEnd(36)} ${difference.toExponential(1)}${difference > largestDifference ? '  TOO MUCH' : ''}`);
    worst = Math.max(worst, difference);
  }
  console.log(`${index.length} models, largest difference ${worst.toExponential(1)}`);
  return worst <= largestDifference;
}

if (process.argv.length !== 3) {
  console.error('usage: node compare_runtime.mjs FOLDER');
  process.exit(2);
}
process.exit(await compare(process.argv[2]) ? 0 : 1);
