/** Φ(x). Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8. */
export function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upper = 0.3989422804014327 * Math.exp((-x * x) / 2) * poly;
  return x > 0 ? 1 - upper : upper;
}

/** Probability that a normal variable ends above a threshold; certain when its spread is zero. */
export function normalAbove(mean: number, standardDeviation: number, threshold: number): number {
  if (standardDeviation <= 0) return mean > threshold ? 1 : 0;
  return normalCdf((mean - threshold) / standardDeviation);
}
