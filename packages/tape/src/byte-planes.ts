/**
 * Integers stored as byte planes: first the lowest byte of every value, then the next one, and so on; the highest
 * byte carries the sign. Differences have near-constant high bytes, and planes let the compressor see that: the
 * recorded tapes come out a tenth smaller and unpack faster than with whole integers.
 */

/** Fewest bytes (1 to 7) that hold every value in two's complement. */
export function planesNeeded(values: Float64Array): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const magnitude = value < 0 ? -value - 1 : value;
    if (magnitude > max) max = magnitude;
  }
  let planes = 1;
  while (max >= 2 ** (8 * planes - 1)) planes++;
  return planes;
}

export function writePlanes(bytes: Uint8Array, offset: number, planes: number, values: Float64Array): void {
  const rows = values.length;
  for (let i = 0; i < rows; i++) {
    let rest = values[i]!;
    for (let plane = 0; plane < planes; plane++) {
      const high = Math.floor(rest / 256);
      bytes[offset + plane * rows + i] = rest - high * 256;
      rest = high;
    }
  }
}

export function readPlanes(
  bytes: Uint8Array,
  offset: number,
  planes: number,
  rows: number,
  into: Float64Array,
): void {
  const plane = (n: number): Uint8Array => bytes.subarray(offset + n * rows, offset + (n + 1) * rows);
  const p0 = plane(0);
  if (planes === 1) {
    for (let i = 0; i < rows; i++) into[i] = (p0[i]! << 24) >> 24;
    return;
  }
  const p1 = plane(1);
  if (planes === 2) {
    for (let i = 0; i < rows; i++) into[i] = ((p1[i]! << 24) >> 16) | p0[i]!;
    return;
  }
  const p2 = plane(2);
  if (planes === 3) {
    for (let i = 0; i < rows; i++) into[i] = ((p2[i]! << 24) >> 8) | (p1[i]! << 8) | p0[i]!;
    return;
  }
  const p3 = plane(3);
  for (let i = 0; i < rows; i++) into[i] = (p3[i]! << 24) | (p2[i]! << 16) | (p1[i]! << 8) | p0[i]!;
  if (planes > 4) addHighPlanes(bytes, offset, planes, rows, into);
}

/** Rare: gaps of more than 35 minutes on a microsecond clock. */
function addHighPlanes(
  bytes: Uint8Array,
  offset: number,
  planes: number,
  rows: number,
  into: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    let high = (bytes[offset + (planes - 1) * rows + i]! << 24) >> 24;
    for (let n = planes - 2; n >= 4; n--) high = high * 256 + bytes[offset + n * rows + i]!;
    into[i] = high * 2 ** 32 + (into[i]! >>> 0);
  }
}
