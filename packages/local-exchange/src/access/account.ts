import { createPublicKey, type KeyObject } from 'node:crypto';
import { MmError } from '@kalshi-mm/core';
import { ALL_SCOPES, type Scope } from './scope.ts';

/** A user of the local exchange and the key that the user signs with. */
export interface LocalUser {
  /** Account name; several keys may share one. */
  readonly userId: string;
  /** What `KALSHI-ACCESS-KEY` carries. */
  readonly keyId: string;
  /** RSA or Ed25519, as PEM text or a key object. A private key is accepted too; only its public half is kept. */
  readonly publicKey: string | KeyObject;
  /**
   * Cash at the start, dollars: one pool that serves every shard, or an amount per shard; shards without one do not
   * know the user until cash is transferred there, as on the exchange.
   */
  readonly cashDollars: number | Readonly<Record<number, number>>;
}

/** A key, whose it is, and what it may do. */
export interface Account {
  readonly userId: string;
  readonly keyId: string;
  readonly key: KeyObject;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The one subaccount that it may use; null: all. */
  readonly subaccount: number | null;
}

/** A key that may do everything. @throws MmError `bad-public-key` when the text is not a key, or is of a kind the exchange does not take */
export function readAccount(user: Pick<LocalUser, 'userId' | 'keyId' | 'publicKey'>): Account {
  let key: KeyObject;
  try {
    key =
      typeof user.publicKey === 'string' || user.publicKey.type === 'private'
        ? createPublicKey(user.publicKey)
        : user.publicKey;
  } catch {
    throw badKey(user.keyId, 'it does not parse');
  }
  if (key.asymmetricKeyType !== 'rsa' && key.asymmetricKeyType !== 'ed25519') {
    throw badKey(user.keyId, `it is of type ${key.asymmetricKeyType ?? 'unknown'}`);
  }
  const { userId, keyId } = user;
  return { userId, keyId, key, name: keyId, scopes: ALL_SCOPES, subaccount: null };
}

function badKey(keyId: string, why: string): MmError {
  return new MmError('bad-public-key', `The public key of ${keyId} cannot be used: ${why}`, {
    facts: { keyId },
    todo: 'Give an RSA or Ed25519 public key in PEM form, or let makeKeyPair make one.',
  });
}
