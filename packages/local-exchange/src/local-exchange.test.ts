import { describe, expect, it } from 'vitest';
import { createLocalExchange } from './local-exchange.ts';
import { LATER, START_MS } from './testing/fixture-world.ts';
import { answerOf, call, startFixture } from './testing/local-client.ts';

describe('time', () => {
  it('stands still until somebody with a key calls, then runs at the given speed', async () => {
    const { local, wall } = await startFixture({ speed: 60 });
    const status = async () => answerOf(await fetch(`${local.restUrl}/exchange/status`));
    wall.ms += 5_000;
    expect((await status()).headers.get('x-exchange-clock')).toBe(`now=${START_MS}; speed=60`);
    await call(local, wall, 'GET', '/portfolio/balance');
    wall.ms += 2_000;
    expect((await status()).headers.get('x-exchange-clock')).toBe(`now=${START_MS + 120_000}; speed=60`);
    wall.ms += 13_000;
    const { market } = (await answerOf(await fetch(`${local.restUrl}/markets/${LATER}`))).body;
    expect(market.status).toBe('active');
    await local.close();
  });

  it('runs at once when told to', async () => {
    const { local, wall } = await startFixture({ startImmediately: true });
    wall.ms += 250;
    local.turn();
    expect(local.exchange.nowMs).toBe(START_MS + 250);
    await local.close();
  });
});

describe('faults at the start', () => {
  it('names a port that is in use', async () => {
    const { local } = await startFixture();
    await expect(startFixture({ port: local.port })).rejects.toMatchObject({
      code: 'port-in-use',
      todo: expect.stringContaining('another port'),
    });
    await local.close();
  });

  it('names a speed that is none, and a key that is none', async () => {
    await expect(startFixture({ speed: 0 })).rejects.toMatchObject({ code: 'bad-option' });
    const users = [{ userId: 'u', keyId: 'k', publicKey: 'no key', cashDollars: 1 }];
    const { local, world } = await startFixture();
    await expect(createLocalExchange({ world: { kind: 'custom', world }, users })).rejects.toMatchObject({
      code: 'bad-public-key',
    });
    await local.close();
  });

  it('closes twice without complaint', async () => {
    const { local } = await startFixture();
    await Promise.all([local.close(), local.close()]);
    await expect(fetch(`${local.restUrl}/exchange/status`)).rejects.toThrow();
  });
});
