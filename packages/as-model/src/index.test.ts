import { expect, it } from 'vitest';
import * as asModel from './index.ts';

it('exports exactly this', () => {
  expect(Object.keys(asModel).sort()).toEqual([
    'asQuotes',
    'defaultExtremeBands',
    'defaultPositionFactors',
    'extremeBand',
    'gammaForInventory',
    'halfSpreadCents',
    'positionFactor',
    'quotedSides',
    'reservationPriceCents',
    'simulateAvellanedaStoikov',
    'totalSpreadCents',
  ]);
});
