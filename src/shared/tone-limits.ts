/** @file Where the curve of tone stands before anybody sets it: the thresholds and steps this product was asked for. */

/** Strictly above and strictly below these the person's words count as warm and as low; the steps are added to the sampling numbers. */
export const toneDefaults = {
  warmAbove: 0.5,
  lowBelow: -0.3,
  warmTemperature: 0.15,
  warmTopP: 0.05,
  lowTemperature: -0.2,
  lowTopP: -0.1,
} as const;
