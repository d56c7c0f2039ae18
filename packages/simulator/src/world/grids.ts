import { Price, PriceGrid } from '@kalshi-mm/core';
import type { GridName } from './world-config.ts';

/** Price grids by the exchange's name. */
export const GRIDS: Readonly<Record<GridName, PriceGrid>> = {
  linear_cent: PriceGrid.cent(),
  deci_cent: PriceGrid.of([{ start: Price.of(0), end: Price.of(10_000), step: 10 }]),
  tapered_deci_cent: PriceGrid.of([
    { start: Price.of(0), end: Price.of(1000), step: 10 },
    { start: Price.of(1000), end: Price.of(9000), step: 100 },
    { start: Price.of(9000), end: Price.of(10_000), step: 10 },
  ]),
};
