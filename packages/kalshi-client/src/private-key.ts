import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';

/**
 * Reads the exchange's private key: a path of a PEM file, PEM text, or PEM text on one line with literal `\n`
 * (the form that environment variables force on it). RSA and Ed25519 keys are accepted.
 *
 * @throws MmError `private-key`; the message never contains any part of the key
 */
export function loadPrivateKey(pathOrPem: string): KeyObject {
  // An environment variable that is not set comes as undefined, whatever the types say.
  if (!pathOrPem) throw invalid('it is not given', 'Give the path of a PEM file, or the whole PEM text.');
  const isPem = pathOrPem.includes('-----BEGIN');
  const pem = isPem ? pathOrPem : readKeyFile(pathOrPem);
  return parsePrivateKey(pem);
}

/** Parses PEM text; see {@link loadPrivateKey}. */
export function parsePrivateKey(pem: string): KeyObject {
  const text = `${pem.replaceAll('\\r', '').replaceAll('\\n', '\n').trim()}\n`;
  if (text.includes('PUBLIC KEY-----')) {
    throw invalid(
      'it is a public key',
      'Use the private key that was shown once, when the API key was made.',
    );
  }
  if (text.includes('ENCRYPTED')) {
    throw invalid(
      'it is protected by a passphrase',
      'Store it without a passphrase, readable by the bot only.',
    );
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    // The cause is dropped on purpose: OpenSSL may quote its input.
    throw invalid(
      text.includes('-----BEGIN') ? 'its PEM text is damaged or cut off' : 'it is not PEM text',
      'Expect text from "-----BEGIN ... PRIVATE KEY-----" to "-----END ... PRIVATE KEY-----", line breaks as \\n.',
    );
  }
  const type = key.asymmetricKeyType;
  if (type !== 'rsa' && type !== 'ed25519') {
    throw invalid(`its type is ${type ?? 'unknown'}`, 'Make an RSA or Ed25519 API key on the exchange.');
  }
  return key;
}

function readKeyFile(path: string): string {
  // Without this, a key whose first line is missing would be taken for a path and printed.
  if (path.length > 1024 || /[\r\n]|\\n/.test(path)) {
    throw invalid('it is neither a path nor PEM text', 'Give the path of a PEM file, or the whole PEM text.');
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw invalid(`its file cannot be read (${code})`, 'Check that the path exists and is readable.');
  }
}

function invalid(why: string, todo: string): MmError {
  return new MmError('private-key', `The exchange's private key cannot be used: ${why}`, {
    todo,
    recovery: 'fix',
  });
}
