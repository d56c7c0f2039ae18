import { ApiError } from './api-error.ts';

/**
 * The text of a request's body, of which no more than `mostBytes` are ever kept.
 *
 * @throws ApiError 413 for more, 400 `bad_request` for what is not UTF-8
 */
export async function readBody(request: Request, mostBytes: number): Promise<string> {
  const length = request.headers.get('content-length');
  // Node sees to it that a body is as long as it says.
  if (length !== null && Number(length) > mostBytes) throw tooLarge(mostBytes);
  const bytes = length === null ? await readChunks(request, mostBytes) : await request.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw ApiError.undecodable('json: the body is not UTF-8');
  }
}

async function readChunks({ body }: Request, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of body ?? []) {
    total += chunk.byteLength;
    if (total > mostBytes) throw tooLarge(mostBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(mostBytes: number): ApiError {
  return ApiError.nested(413, 'request_too_large', `a body has at most ${mostBytes} bytes`);
}
