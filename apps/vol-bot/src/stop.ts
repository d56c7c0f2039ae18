import { cancelOrders } from './cancel-orders.ts';
import type { BotParts } from './wire.ts';

/**
 * Ends trading: the engine cancels everything, then the exchange is asked until it has no order of ours left.
 *
 * @throws MmError when orders of ours may still rest; they expire by themselves
 */
export async function stopTrading(parts: BotParts): Promise<void> {
  const { host, clock, execution, reconciler, universe, log, paper } = parts;
  host.post({ type: 'trading.stopped', atMs: clock.now(), reason: 'operator' });
  universe.stop();
  await reconciler?.stop();
  await execution.drain();
  if (paper !== null) return;
  await cancelOrders(parts);
  log.info('no order rests');
  // Fills that were on their way while we canceled.
  await reconciler?.read();
}
