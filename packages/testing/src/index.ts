export { aMarket } from './a-market.ts';
export { dataPath } from './data-path.ts';
