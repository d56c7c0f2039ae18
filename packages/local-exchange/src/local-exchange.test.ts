import { Timestamp } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createLocalExchange } from './local-exchange.ts';
import { LATER, START_MS } from './testing/fixture-world.ts';
import { answerOf, call, openFeed, startFixture } from './testing/local-client.ts';

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

describe('the weekly maintenance', () => {
  // A Thursday, 02:00 in New York.
  const BEFORE_MS = Timestamp.parseIso('2026-10-08T06:00:00Z');

  it('pauses trading when the schedule says so, and only when asked for', async () => {
    for (const weeklyMaintenance of [true, false]) {
      const { local, wall } = await startFixture({ weeklyMaintenance });
      const get = async (path: string) => answerOf(await fetch(local.restUrl + path));
      const skipTo = (atMs: number) => {
        wall.ms += atMs - local.exchange.nowMs;
        local.turn();
      };
      local.start();
      skipTo(BEFORE_MS);
      const { schedule } = (await get('/exchange/schedule')).body;
      expect(schedule.maintenance_windows).toEqual(
        weeklyMaintenance
          ? [{ start_datetime: '2026-10-08T07:00:00.000000Z', end_datetime: '2026-10-08T09:00:00.000000Z' }]
          : [],
      );
      const { wednesday, thursday } = schedule.standard_hours[0];
      const always = [{ open_time: '00:00', close_time: '24:00' }];
      const parted = [
        { open_time: '00:00', close_time: '03:00' },
        { open_time: '05:00', close_time: '24:00' },
      ];
      expect([wednesday, thursday]).toEqual([always, weeklyMaintenance ? parted : always]);

      const state = async () => {
        const { body } = await get('/exchange/status');
        return [body.exchange_active, body.trading_active, body.exchange_estimated_resume_time];
      };
      const idle = [true, true, null];
      expect(await state()).toEqual(idle);
      skipTo(BEFORE_MS + 3_600_000);
      expect(await state()).toEqual(weeklyMaintenance ? [true, false, '2026-10-08T09:00:00.000000Z'] : idle);
      skipTo(BEFORE_MS + 3 * 3_600_000);
      expect(await state()).toEqual(idle);
      await local.close();
    }
  });
});

describe('the weekly maintenance that cuts the feed', () => {
  it('cuts every feed connection when it begins, and lets new ones in', async () => {
    const { local, wall } = await startFixture({ weeklyMaintenance: true, maintenanceCutsFeed: true });
    const feed = await openFeed(local, wall);
    await feed.settled();
    const closed = new Promise((resolve) => feed.socket.once('close', resolve));
    wall.ms += Timestamp.parseIso('2026-10-08T07:00:00Z') - local.exchange.nowMs;
    local.turn();
    expect(await closed).toBe(1006);
    expect(local.exchange.tradingActive).toBe(false);
    const again = await openFeed(local, wall);
    await again.settled();
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
