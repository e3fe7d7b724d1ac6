// One generator in a page: controls, the session, the canvas. No other server is asked.

import * as ort from "./onnxruntime.js";
import { latents, noise } from "./latents.js";

const CODES = 8; // sliders for the first coordinates
const INTERPOLATIONS = { normal: slerp, truncated_normal: slerp, sphere: slerp, uniform: lerp };

// One thread needs no headers for cross-origin isolation: any static server will do.
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = { wasm: new URL("onnxruntime.wasm", import.meta.url).href };

const find = (id) => document.getElementById(id);
const metadata = await (await fetch("kgan.json")).json();
const output = (metadata.outputs ?? [{ shape: metadata.sample_shape, name: null }])[0];
const [height, width, channels] = output.shape;
const canvas = find("canvas");
const context = canvas.getContext("2d");
canvas.classList.toggle("clear", channels % 2 === 0);
let session, busy = null, again = false;

function lerp(a, b, t) {
  return a.map((x, i) => (1 - t) * x + t * b[i]);
}

// Along the sphere, where normal codes of many dimensions lie.
function slerp(a, b, t) {
  const dot = (x, y) => x.reduce((sum, v, i) => sum + v * y[i], 0);
  const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  if (Math.sin(angle) < 1e-6) return lerp(a, b, t);
  const [p, q] = [Math.sin((1 - t) * angle), Math.sin(t * angle)];
  return a.map((x, i) => (p * x + q * b[i]) / Math.sin(angle));
}

// A whole number below 2**64, as everywhere; anything else is marked, and drawn as 0.
function seedOf(id) {
  const value = find(id).value.trim();
  const seed = /^\d{1,20}$/.test(value) ? BigInt(value) : -1n;
  const valid = seed >= 0n && seed < 2n ** 64n;
  find(id).setCustomValidity(valid ? "" : "A whole number from 0 to 2**64 - 1");
  return valid ? seed : 0n;
}

// The code between the two seeds, before the sliders and truncation.
function between() {
  const draw = (id) => latents(metadata.prior, 0, metadata.latent_dim, seedOf(id));
  const t = Number(find("t").value);
  return t ? INTERPOLATIONS[metadata.prior](draw("seed"), draw("to"), t) : draw("seed");
}

function code() {
  const z = between();
  for (const slider of document.querySelectorAll("#codes input")) {
    if (slider.dataset.moved) z[slider.dataset.index] = Number(slider.value);
  }
  return z;
}

function feeds(z) {
  const truncation = Number(find("truncation").value);
  const own = session.inputNames.includes("truncation");
  const batch = metadata.static_batch ?? 1;
  const tensor = (type, Kind, values, shape) => {
    const data = new Kind(batch * values.length);
    for (let i = 0; i < batch; i++) data.set(values, i * values.length);
    return new ort.Tensor(type, data, [batch, ...shape]);
  };
  const scaled = own ? z : z.map((x) => x * Math.fround(truncation));
  const result = { z: tensor("float32", Float32Array, scaled, [z.length]) };
  if (own) result.truncation = new ort.Tensor("float32", [truncation], [1]);
  if (metadata.num_classes) {
    result.label = tensor("int64", BigInt64Array, [BigInt(find("label").value)], []);
  }
  for (const { name, shape, distribution } of metadata.extra_inputs ?? []) {
    const values = noise(distribution, 0, shape, seedOf("seed"), name);
    result[name] = tensor("float32", Float32Array, values, shape);
  }
  return result;
}

async function draw() {
  const z = code();
  const began = performance.now();
  const results = await session.run(feeds(z));
  const levels = results[output.name ?? session.outputNames[0]].data;
  const pixels = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const at = (c) => levels[i * channels + c];
    const grey = channels < 3;
    pixels.data.set(grey ? [at(0), at(0), at(0)] : [at(0), at(1), at(2)], 4 * i);
    pixels.data[4 * i + 3] = channels % 2 ? 255 : at(channels - 1);
  }
  context.putImageData(pixels, 0, 0);
  find("status").textContent = `${(performance.now() - began).toFixed(1)} ms`;
  for (const slider of document.querySelectorAll("#codes input")) {
    if (!slider.dataset.moved) slider.value = z[slider.dataset.index];
  }
  window.kgan.code = z;
  window.kgan.levels = levels.slice(0, height * width * channels);
}

// One run at a time; what changed meanwhile is drawn once, at the end.
function redraw() {
  again = true;
  busy ??= (async () => {
    try {
      while (again) {
        again = false;
        await draw();
      }
    } catch (error) {
      find("status").textContent = `The generator failed: ${error.message}`;
      throw error;
    } finally {
      busy = null;
    }
  })();
  return busy;
}

function addSlider(index) {
  const label = document.createElement("label");
  const slider = document.createElement("input");
  const limit = metadata.prior === "uniform" ? 1 : 3;
  Object.assign(slider, { type: "range", min: -limit, max: limit, step: 0.01 });
  slider.dataset.index = index;
  slider.addEventListener("input", () => (slider.dataset.moved = "yes"));
  label.append(`z${index}`, slider);
  find("codes").append(label);
}

function release() {
  for (const slider of document.querySelectorAll("#codes input")) delete slider.dataset.moved;
}

function build() {
  document.title = find("title").textContent = metadata.dataset ?? metadata.architecture;
  [canvas.width, canvas.height] = [width, height];
  for (let i = 0; i < Math.min(CODES, metadata.latent_dim); i++) addSlider(i);
  for (let i = 0; i < (metadata.num_classes ?? 0); i++) {
    find("label").append(new Option(metadata.class_names?.[i] ?? `class ${i}`, i));
  }
  find("classes").hidden = !metadata.num_classes;
  find("truncations").hidden = !metadata.truncation;
  const known = { licence: "Data", preset: "Preset", training_steps: "Steps" };
  find("metadata").textContent = Object.entries(known)
    .filter(([key]) => metadata[key] != null)
    .map(([key, name]) => `${name}: ${metadata[key]}`)
    .join(" · ");
  const random = (id) => {
    find(id).value = Math.floor(Math.random() * 1e6);
    release();
    redraw();
  };
  find("dice").addEventListener("click", () => random("seed"));
  find("dice-to").addEventListener("click", () => random("to"));
  find("release").addEventListener("click", () => (release(), redraw()));
  find("seed").addEventListener("input", release);
  document.addEventListener("input", redraw);
  find("controls").addEventListener("submit", (event) => event.preventDefault());
}

async function start() {
  build();
  find("status").textContent = "Loading the generator…";
  session = await ort.InferenceSession.create("generator.onnx", {
    executionProviders: ["wasm"],
  });
  await redraw();
}

// For tests and for other scripts of the page.
window.kgan = { metadata, redraw, ready: start() };
window.kgan.ready.catch((error) => (find("status").textContent = error.message));
