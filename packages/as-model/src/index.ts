export { type AsQuotes, type AsQuotesInput, asQuotes } from './as-quotes.ts';
export {
  defaultExtremeBands,
  defaultPositionFactors,
  type ExtremeBand,
  type ExtremeBands,
  extremeBand,
  type PositionFactors,
  positionFactor,
  quotedSides,
} from './extreme-band.ts';
export { type GammaSchedule, gammaForInventory } from './gamma-schedule.ts';
export { type ReservationPriceInput, reservationPriceCents } from './reservation-price.ts';
export {
  type AvellanedaStoikovSimulation,
  type AvellanedaStoikovStatistics,
  simulateAvellanedaStoikov,
} from './simulate-avellaneda-stoikov.ts';
export { halfSpreadCents, type SpreadInput, totalSpreadCents } from './spread.ts';
