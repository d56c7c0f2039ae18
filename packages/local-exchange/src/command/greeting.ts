import type { Ready } from './run-command.ts';

/** What a person wants to know once the exchange answers; programs read the line on stdout. */
export function greeting({ restUrl, keyId, privateKeyPath }: Ready): string {
  const key = privateKeyPath === null ? keyId : `${keyId}, private half in ${privateKeyPath}`;
  return [
    `Ready at ${restUrl}`,
    `  key: ${key}`,
    `  try: curl "${restUrl}/markets?status=open&limit=2"`,
    'Time starts with the first signed request; Ctrl+C ends the exchange.',
    '',
  ].join('\n');
}
