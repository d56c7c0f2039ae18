import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { type Account, type LocalUser, readAccount } from './account.ts';
import type { Scope } from './scope.ts';

/** What a user says of a new key. */
export interface NewKey {
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The one subaccount that it may use; null: all. */
  readonly subaccount: number | null;
}

/** The keys of all users. They come and go while the exchange runs. */
export class ApiKeys {
  readonly #byId = new Map<string, Account>();
  /** Told of every key that has been deleted. */
  onRemoved: (keyId: string) => void = () => {};

  /** @throws MmError `bad-public-key` */
  constructor(users: readonly LocalUser[]) {
    for (const user of users) this.#byId.set(user.keyId, readAccount(user));
  }

  get(keyId: string): Account | undefined {
    return this.#byId.get(keyId);
  }

  /** Oldest first. */
  of(userId: string): readonly Account[] {
    return [...this.#byId.values()].filter((key) => key.userId === userId);
  }

  /** Takes a key over whose private half its owner has. @throws MmError `bad-public-key` */
  add(wanted: NewKey, publicKey: LocalUser['publicKey']): Account {
    const keyId = randomUUID();
    const key = { ...readAccount({ userId: wanted.userId, keyId, publicKey }), ...wanted };
    this.#byId.set(keyId, key);
    return key;
  }

  /** Makes a pair; only its public half is kept. RSA takes a tenth of a second, during which nothing else happens. */
  generate(wanted: NewKey, type: 'rsa' | 'ed25519'): { readonly keyId: string; readonly privateKey: string } {
    const { publicKey, privateKey } =
      type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { keyId: this.add(wanted, publicKey).keyId, privateKey: pem };
  }

  /** Whether the user had such a key. */
  remove(userId: string, keyId: string): boolean {
    if (this.#byId.get(keyId)?.userId !== userId) return false;
    this.#byId.delete(keyId);
    this.onRemoved(keyId);
    return true;
  }
}
