/**
 * How far a term that is not to be trusted at first has come in: `exp(-5 (1 - t)²)` with t the share of the ramp that is
 * behind, 1 after it (Laine and Aila, ICLR 2017; Tarvainen and Valpola, NeurIPS 2017).
 *
 * @param step optimiser steps made
 * @param steps length of the ramp; 0 for none
 */
export function rampUp(step: number, steps: number): number {
  const left = 1 - Math.min(step / steps, 1);
  return steps > 0 ? Math.exp(-5 * left * left) : 1;
}
