/** Seeded random numbers: the same seed gives the same sequence on any machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
  /** Standard normal (polar method). */
  normal(): number;
  /** Exponential with the given mean. */
  exponential(mean: number): number;
  /** An independent stream; forking does not advance this one, so a new consumer shifts nobody. */
  fork(label: string): Random;
}

/** sfc32 (Chris Doty-Humphrey's small fast counter), seeded through splitmix32 from a number or text. */
export function createRandom(seed: number | string): Random {
  const mix = splitmix32(hash(String(seed)));
  let a = mix();
  let b = mix();
  let c = mix();
  let counter = 1;
  let spare = Number.NaN;
  const uint32 = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) uint32();
  const next = (): number => (uint32() * 2_097_152 + (uint32() >>> 11)) / 9_007_199_254_740_992;
  return {
    next,
    integer: (below) => Math.floor(next() * below),
    normal() {
      if (!Number.isNaN(spare)) {
        const value = spare;
        spare = Number.NaN;
        return value;
      }
      for (;;) {
        const u = next() * 2 - 1;
        const v = next() * 2 - 1;
        const s = u * u + v * v;
        if (s === 0 || s >= 1) continue;
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * scale;
        return u * scale;
      }
    },
    exponential: (mean) => -mean * Math.log(1 - next()),
    fork: (label) => createRandom(`${seed}/${label}`),
  };
}

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
}
