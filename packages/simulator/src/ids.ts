/** Makes UUID-shaped ids from a seed and a counter: the same seed gives the same ids, and no id comes twice. */
export function createIds(seed: number | string): () => string {
  const base = hash(String(seed));
  let counter = 0;
  return () => {
    counter++;
    // The finaliser is a bijection on 32 bits, so the first group alone already differs for every counter.
    const a = mix((base + counter) | 0);
    const b = mix(a ^ 0x9e3779b9 ^ counter);
    const c = mix(b ^ 0x85ebca6b);
    const d = mix(c ^ base);
    // A join makes one flat string; a sum of strings would keep all its parts for as long as the id lives.
    return [
      hex4(a >>> 16) + hex4(a & 0xffff),
      hex4(b >>> 16),
      hex4(0x4000 | (b & 0x0fff)),
      hex4(0x8000 | ((c >>> 16) & 0x3fff)),
      hex4(c & 0xffff) + hex4(d >>> 16) + hex4(d & 0xffff),
    ].join('-');
  };
}

function hex4(value: number): string {
  return HEX[value >>> 8]! + HEX[value & 0xff]!;
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}

/** Finaliser of MurmurHash3 (32 bit). */
function mix(value: number): number {
  let z = value;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}
