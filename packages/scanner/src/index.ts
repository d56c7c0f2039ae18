export { type ActivityScore, scoreActivity, topByActivity } from './activity-score.ts';
export {
  CategoryMappingConfig,
  type CategoryProfile,
  CategoryProfilesConfig,
  type RegimeOverride,
} from './category-profiles-config.ts';
export { classifyRegime, type RegimeStatistics } from './classify-regime.ts';
export { REGIMES, regimeOf } from './regime-names.ts';
export { RegimesConfig } from './regimes-config.ts';
export { profileName, type ResolvedProfile, resolveProfile } from './resolve-profile.ts';
export { SampleWindow } from './sample-window.ts';
export { ScannerConfig } from './scanner-config.ts';
export { volatilityFold } from './volatility-fold.ts';
export { VolatilityScannerConfig } from './volatility-scanner-config.ts';
export {
  type MarketVolatility,
  type TrackedMarket,
  type VolatilityState,
  volatilityOf,
} from './volatility-state.ts';
export { type StatisticsWindows, type WindowStatistics, windowStatistics } from './window-statistics.ts';
