import { BotConfig } from '@kalshi-mm/assembly';
import { Timestamp } from '@kalshi-mm/core';
import { aMarket } from '@kalshi-mm/testing';
import { expect, it } from 'vitest';
import { tapeConfig } from './tape-config.ts';

it('notes markets that had closed when the tape begins, for nothing will come of them', () => {
  const markets = [aMarket({ closeMs: Timestamp.of(1_000) }), aMarket({ closeMs: Timestamp.of(1_001) })];
  const tapes = { hasTrades: true, isPolled: false, markets, firstMs: 1_000 };
  expect(tapeConfig(BotConfig.parse({}), tapes, 'always').notes).toEqual([
    expect.stringContaining('1 of 2 markets had closed when the tape begins'),
  ]);
});
