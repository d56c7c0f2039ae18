export { RiskConfig, riskLimits } from './config.ts';
export { type MarketExposure, type OpenOrder, openCount, restingValue, worstCaseLoss } from './exposure.ts';
export { categoryCap, defaultRiskLimits, type MarketLimits, type RiskLimits } from './limits.ts';
export { isApproved, type ReviewContext, review, type Verdict } from './review.ts';
