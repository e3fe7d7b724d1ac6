// The codes of kgan-latents-1 (docs/latents.md): the same numbers as in every language.

const MASK = 0xffffffffn;
const ONE = 2 ** -32;

function philox([c0, c1, c2, c3], [k0, k1]) {
  for (let round = 0; round < 10; round++) {
    const a = 0xd2511f53n * c0, b = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(b >> 32n) ^ c1 ^ k0, b & MASK, (a >> 32n) ^ c3 ^ k1, a & MASK];
    k0 = (k0 + 0x9e3779b9n) & MASK;
    k1 = (k1 + 0xbb67ae85n) & MASK;
  }
  return [c0, c1, c2, c3];
}

function uniforms(seed, sample, block, attempt) {
  const counter = [BigInt(block), sample & MASK, sample >> 32n, BigInt(attempt)];
  return philox(counter, [seed & MASK, seed >> 32n]).map((x) => (Number(x) + 0.5) * ONE);
}

function normals(...place) {
  const u = uniforms(...place);
  return [0, 2].flatMap((i) => {
    const r = Math.sqrt(-2 * Math.log(u[i])), angle = 2 * Math.PI * u[i + 1];
    return [r * Math.cos(angle), r * Math.sin(angle)];
  });
}

function truncatedNormals(seed, sample, block) {
  return normals(seed, sample, block, 0).map((z, i) => {
    for (let attempt = 1; Math.abs(z) > 2; attempt++) {
      z = normals(seed, sample, block, attempt)[i];
    }
    return z;
  });
}

const BLOCKS = {
  normal: (...place) => normals(...place, 0),
  sphere: (...place) => normals(...place, 0),
  truncated_normal: truncatedNormals,
  uniform: (...place) => uniforms(...place, 0).map((u) => 2 * u - 1),
  unit: (...place) =>
    uniforms(...place, 0).map((u) => (Math.floor(u * 2 ** 23) + 0.5) * 2 ** -23),
};

// The code of one sample: a Float32Array. Seed and sample: Numbers or BigInts.
export function latents(prior, sample, latentDim, seed) {
  [seed, sample] = [BigInt(seed), BigInt(sample)];
  let z = [];
  for (let block = 0; z.length < latentDim; block++) {
    z.push(...BLOCKS[prior](seed, sample, block));
  }
  z = z.slice(0, latentDim);
  if (prior === "sphere") {
    const scale = Math.sqrt(latentDim / z.reduce((sum, x) => sum + x * x, 0));
    z = z.map((x) => x * scale);
  }
  return Float32Array.from(z);
}

// What one sample feeds to the further input `name` of a generator.
export function noise(distribution, sample, shape, seed, name) {
  let digest = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name)) {
    digest = BigInt.asUintN(64, (digest ^ BigInt(byte)) * 0x100000001b3n);
  }
  seed = BigInt(seed);
  const key = [seed & MASK, seed >> 32n];
  const [low, high] = philox([digest & MASK, digest >> 32n, 0n, MASK], key);
  const size = shape.reduce((product, length) => product * length, 1);
  return latents(distribution, sample, size, low + (high << 32n));
}
