// Drives a model with Edge Impulse's runner for Node: MODEL FRAMES WIDTH HEIGHT PROCESSES CALLS.
const { LinuxImpulseRunner, ImageClassifier } = require('edge-impulse-linux');
const sharp = require('sharp');
const fs = require('fs');
const readline = require('readline');

const [model, file, w, h, processes, calls] = process.argv.slice(2);
const width = Number(w), height = Number(h), size = width * height * 3;
const data = fs.readFileSync(file);
const frames = [];
for (let o = 0; o < data.length; o += size) frames.push(data.subarray(o, o + size));
const fit = { 'fit-shortest': 'cover', 'fit-longest': 'contain', squash: 'fill' };

// What ImageClassifier.resizeImage does, from decoded pixels instead of a file.
async function features(frame, p) {
  if (width === p.image_input_width && height === p.image_input_height && p.image_channel_count === 3) {
    return ImageClassifier.rgbBufferToFeatures(frame);
  }
  let img = sharp(frame, { raw: { width, height, channels: 3 } }).resize({
    width: p.image_input_width, height: p.image_input_height, fit: fit[p.image_resize_mode] || 'contain', fastShrinkOnLoad: false });
  if (p.image_channel_count === 3) return ImageClassifier.rgbBufferToFeatures(await img.removeAlpha().raw().toBuffer());
  const gray = await img.toColourspace('b-w').raw().toBuffer();
  return Array.from(gray, v => (v << 16) | (v << 8) | v);
}

(async () => {
  const runners = [];
  for (let i = 0; i < Number(processes); i++) {
    const r = new LinuxImpulseRunner(model);
    await r.init();
    runners.push(r);
  }
  const params = runners[0].getModel().modelParameters;
  const trips = [];
  let next = 0;
  async function work(r, until) {
    while (next < until) {
      const frame = frames[next++ % frames.length];
      const began = process.hrtime.bigint();
      await r.classify(await features(frame, params));
      trips.push(Number(process.hrtime.bigint() - began));
    }
  }
  await Promise.all(runners.map(r => work(r, 20)));
  const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  console.log('"ready"');
  await lines.next();
  trips.length = next = 0;
  const began = process.hrtime.bigint();
  await Promise.all(runners.map(r => work(r, Number(calls))));
  console.log(JSON.stringify({ nanoseconds: Number(process.hrtime.bigint() - began), trips }));
  await lines.next();
  for (const r of runners) await r.stop();
  process.exit(0);
})().catch(err => { console.error(err); process.exit(1); });
