import { expect, it } from 'vitest';
import * as analytics from './index.ts';

it('exports exactly this', () => {
  expect(Object.keys(analytics).sort()).toEqual(['migrate', 'openAnalytics']);
});
