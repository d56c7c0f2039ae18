import { MmError } from '@kalshi-mm/core';
import { createSigner, loadPrivateKey, type Signer } from '@kalshi-mm/kalshi-client';

export interface CredentialFlags {
  readonly keyId?: string | undefined;
  /** Path of a PEM file. */
  readonly privateKey?: string | undefined;
}

/**
 * The API key from flags or the environment: `KALSHI_ACCESS_KEY`, and `KALSHI_PRIVATE_KEY` as a path or PEM text.
 *
 * @throws MmError saying which part is missing or wrong; never a part of the key
 */
export function signerFrom(flags: CredentialFlags, env: NodeJS.ProcessEnv): Signer {
  const keyId = flags.keyId ?? env.KALSHI_ACCESS_KEY;
  const privateKey = flags.privateKey ?? env.KALSHI_PRIVATE_KEY;
  if (keyId === undefined || keyId === '' || privateKey === undefined || privateKey === '') {
    const missing = keyId === undefined || keyId === '' ? 'key id' : 'private key';
    throw new MmError('credentials-missing', `The exchange's ${missing} is not set`, {
      todo:
        'Set KALSHI_ACCESS_KEY and KALSHI_PRIVATE_KEY (path of a PEM file, or its text), ' +
        'or pass --key-id and --private-key. `pnpm local-exchange --world 1 --new-key keys` makes a throw-away pair.',
    });
  }
  const fromFlag = flags.privateKey !== undefined;
  return createSigner({
    keyId,
    privateKeyPem: fromFlag ? keyFromFile(privateKey) : loadPrivateKey(privateKey),
  });
}

/** The flag takes a path only, which a message may name; anything that could be a key itself it may not. */
function keyFromFile(path: string): ReturnType<typeof loadPrivateKey> {
  try {
    return loadPrivateKey(path);
  } catch (error) {
    if (!(error instanceof MmError) || !/^[\w./ ~-]+\.\w{1,4}$/.test(path)) throw error;
    throw new MmError(error.code, `${path}: ${error.message}`, { recovery: 'fix' });
  }
}
