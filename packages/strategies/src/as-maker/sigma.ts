import type { ResolvedProfile } from '@kalshi-mm/scanner';
import type { VolatilityMmConfig } from '../volatility-mm-config.ts';
import type { AsModelConfig } from './as-model-config.ts';

/** The event that opened the session; nulls when none did. */
export interface SigmaEvent {
  /** Realised sigma, dollars per observation. */
  readonly sigma: number | null;
  readonly jumpCents: number | null;
}

export interface BlendedSigma {
  /** Weight that the event sigma got, 0 to 1. */
  readonly weight: number;
  /** After blending and clamping, in dollars. */
  readonly dollars: number;
  /** For the model: cents per square root of one whole risk horizon. */
  readonly cents: number;
}

/**
 * Sigma for the quoting model: (1 − w) × estimate + w × event sigma, clamped to `sigma_floor` … `sigma_cap`.
 *
 * The estimate is baseline × (1 + 2p(1 − p)) at price p. w is 0 without an event or after a jump of at least
 * `jump_magnitude_threshold_cents` (one jump is not volatility to earn from), else the profile's, else
 * `sigma_blend_weight`.
 *
 * Units: the blended number is read as dollars per square root of the risk horizon, times `horizon_factor`, and
 * 100 turns it into cents. An event sigma is measured per observation; factor 1 says that the price bounces, so
 * that the horizon moves it no further than one observation does. For a random walk the factor would be
 * √(risk horizon / sampling interval).
 */
export function blendSigma(
  midCents: number,
  event: SigmaEvent,
  profile: ResolvedProfile,
  model: AsModelConfig,
  limits: VolatilityMmConfig,
): BlendedSigma {
  const p = midCents / 100;
  const estimate = model.sigma.baseline * (model.sigma.use_proxy ? 1 + 2 * p * (1 - p) : 1);
  const weight = eventWeight(event, profile, limits);
  const blended = event.sigma === null ? estimate : (1 - weight) * estimate + weight * event.sigma;
  const dollars = Math.min(Math.max(blended, limits.sigma_floor), limits.sigma_cap);
  return { weight, dollars, cents: 100 * dollars * model.sigma.horizon_factor };
}

function eventWeight(event: SigmaEvent, profile: ResolvedProfile, limits: VolatilityMmConfig): number {
  if (event.sigma === null) return 0;
  if (event.jumpCents !== null && event.jumpCents >= limits.jump_magnitude_threshold_cents) return 0;
  return profile.sigmaBlend ?? limits.sigma_blend_weight;
}
