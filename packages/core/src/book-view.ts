import type { Count } from './count.ts';
import type { Price } from './price.ts';
import type { Side } from './side.ts';

/** Reads a live order book without copying it. YES prices on both sides. */
export interface BookView {
  /** `Price.NO_BID` when the side is empty. */
  bestBid(): Price;
  /** `Price.NO_ASK` when the side is empty. */
  bestAsk(): Price;
  /** Count resting at a price, zero when there is none. */
  countAt(side: Side, price: Price): Count;
  /** Calls `visit` for each level, best first, until it returns false. */
  forEachLevel(side: Side, visit: (price: Price, count: Count) => boolean | undefined): void;
  /** Sum of counts on a side. */
  total(side: Side): Count;
}
