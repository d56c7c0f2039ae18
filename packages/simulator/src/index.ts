export type * from './exchange-api.ts';
