import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MmError } from '@kalshi-mm/core';

export interface LineBatch {
  /** Number of the first line, counting from 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
}

/**
 * Unpacks a gzip file and yields its lines, a chunk at a time.
 *
 * @param onBytes called with the number of packed bytes of each chunk that has been read
 * @throws MmError `source-damaged` when the file is cut off or not gzip
 */
export async function* readLines(
  path: string,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<LineBatch> {
  const packed = createReadStream(path, { highWaterMark: 1 << 16 });
  packed.on('data', (chunk) => onBytes(chunk.length));
  const unpacked = createGunzip({ chunkSize: 1 << 17 });
  // Failures of either stream surface in the loop below.
  pipeline(packed, unpacked, () => {});
  const decoder = new TextDecoder();
  let rest = '';
  let firstLine = 1;
  try {
    for await (const chunk of unpacked) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
      rest = lines.pop()!;
      yield { firstLine, lines };
      firstLine += lines.length;
    }
  } catch (cause) {
    if (cause instanceof MmError) throw cause;
    throw new MmError('source-damaged', `${path} cannot be unpacked after line ${firstLine - 1}`, {
      todo: 'Fetch the file again: it is cut off or not gzip.',
      cause,
    });
  } finally {
    packed.destroy();
  }
  if (rest !== '') yield { firstLine, lines: [rest] };
}
