/** What a key may do. A child (`write::trade`) is one part of its parent (`write`). */
export const SCOPES = [
  'read',
  'write',
  'read::portfolio_balance',
  'read::block_trade_accept',
  'write::trade',
  'write::transfer',
  'write::block_trade_accept',
  'write::fcm_risk',
] as const;

export type Scope = (typeof SCOPES)[number];

export const ALL_SCOPES: readonly Scope[] = ['read', 'write'];

/** Whether the scopes of a key cover the one needed. */
export function isGranted(scopes: readonly Scope[], needed: Scope): boolean {
  const parent = needed.split('::', 1)[0] as Scope;
  return scopes.includes(needed) || scopes.includes(parent);
}
