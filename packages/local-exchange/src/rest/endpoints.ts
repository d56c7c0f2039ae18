import { accountEndpoints } from './account-endpoints.ts';
import { apiKeyEndpoints } from './api-key-endpoints.ts';
import { candleEndpoints } from './candle-endpoints.ts';
import type { Endpoint } from './endpoint.ts';
import { eventEndpoints } from './event-endpoints.ts';
import { exchangeEndpoints } from './exchange-endpoints.ts';
import { historicalEndpoints } from './historical-endpoints.ts';
import { marketEndpoints } from './market-endpoints.ts';
import { orderGroupEndpoints } from './order-group-endpoints.ts';
import { orderReadEndpoints } from './order-read-endpoints.ts';
import { orderWriteEndpoints } from './order-write-endpoints.ts';
import { portfolioEndpoints } from './portfolio-endpoints.ts';
import { referenceEndpoints } from './reference-endpoints.ts';
import { subaccountEndpoints } from './subaccount-endpoints.ts';
import { transferEndpoints } from './transfer-endpoints.ts';

const trading: readonly Endpoint[] = [
  ...exchangeEndpoints,
  // The first that fits answers, so fixed names stand before parameters.
  ...candleEndpoints,
  ...marketEndpoints,
  ...eventEndpoints,
  ...historicalEndpoints,
  ...referenceEndpoints,
  ...portfolioEndpoints,
  ...orderReadEndpoints,
  ...orderWriteEndpoints,
  ...orderGroupEndpoints,
  ...transferEndpoints,
  ...subaccountEndpoints,
  ...apiKeyEndpoints,
];

/** Every endpoint that is served; anything else below the prefix answers 501. */
export const endpoints: readonly Endpoint[] = [...trading, ...accountEndpoints(trading)];
