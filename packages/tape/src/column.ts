/** Bytes of one value: integers of 8, 16 or 32 bits, or a 64-bit float that holds an integer. */
export type ColumnWidth = 1 | 2 | 4 | 8;

type Values = Float64Array | Int32Array | Int16Array | Uint16Array;

/** Narrowest unsigned width that holds every value. */
export function unsignedWidth(values: Values, rows: number): ColumnWidth {
  let max = 0;
  for (let i = 0; i < rows; i++) if (values[i]! > max) max = values[i]!;
  return max <= 0xff ? 1 : max <= 0xffff ? 2 : max <= 0xffffffff ? 4 : 8;
}

/** Narrowest two's complement width that holds every value. */
export function signedWidth(values: Values, rows: number): ColumnWidth {
  let max = 0;
  let min = 0;
  for (let i = 0; i < rows; i++) {
    const value = values[i]!;
    if (value > max) max = value;
    else if (value < min) min = value;
  }
  if (max <= 0x7f && min >= -0x80) return 1;
  if (max <= 0x7fff && min >= -0x8000) return 2;
  return max <= 0x7fffffff && min >= -0x80000000 ? 4 : 8;
}

/** Writes the low bytes of each value, little-endian; `offset` is a multiple of 8 from an aligned start. */
export function writeColumn(
  bytes: Uint8Array,
  offset: number,
  width: ColumnWidth,
  values: Values,
  rows: number,
): void {
  const at = bytes.byteOffset + offset;
  const source = values.subarray(0, rows);
  // Unsigned targets keep the low bytes of negative numbers too, so one writer serves both kinds of column.
  if (width === 1) new Uint8Array(bytes.buffer, at, rows).set(source);
  else if (width === 2) new Uint16Array(bytes.buffer, at, rows).set(source);
  else if (width === 4) new Uint32Array(bytes.buffer, at, rows).set(source);
  else new Float64Array(bytes.buffer, at, rows).set(source);
}

/** Reads signed values. */
export function readInto(
  into: Float64Array | Int32Array | Int16Array,
  bytes: Uint8Array,
  offset: number,
  width: ColumnWidth,
  rows: number,
): void {
  const at = bytes.byteOffset + offset;
  if (width === 1) into.set(new Int8Array(bytes.buffer, at, rows));
  else if (width === 2) into.set(new Int16Array(bytes.buffer, at, rows));
  else if (width === 4) into.set(new Int32Array(bytes.buffer, at, rows));
  else into.set(new Float64Array(bytes.buffer, at, rows));
}
