import { runReadmeExample } from '@kalshi-mm/testing';
import { expect, it } from 'vitest';
import * as simulator from './index.ts';

it('the README example runs and prints what its comments say', async () => {
  const { printed, expected } = await runReadmeExample(import.meta.url);
  expect(expected.length).toBeGreaterThan(0);
  expect(printed).toEqual(expected);
});

it('exports what the README lists', () => {
  expect(Object.keys(simulator).sort()).toEqual([
    'CALENDARS',
    'LATENCY_MODEL_NAMES',
    'POPULATIONS',
    'QUEUE_MODEL_NAMES',
    'Subaccount',
    'createAuditor',
    'createExchange',
    'createLivePairing',
    'createMessageLane',
    'createMixedWorld',
    'createQueueFollower',
    'createQueueObserver',
    'createReplayDriver',
    'createReplayExchange',
    'createSimulatedVenue',
    'createSyntheticWorld',
    'fitQueueModel',
    'latencyModelName',
    'latencyModelNamed',
    'nextMaintenance',
    'queueModelName',
    'queueModelNamed',
    'runReplay',
    'scheduleWeeklyMaintenance',
    'scoreQueueModel',
    'scoreSide',
  ]);
});
