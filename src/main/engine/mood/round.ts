/** @file Rounding as the reference does it: to the nearest decimal number, exact ties to the even digit. */

/** Rounds the exact binary value to so many decimals (at most 15); 0.0625 to three decimals is 0.062. */
export function roundHalfEven(value: number, decimals: number): number {
  const size = Math.abs(value);
  const rounded = isTie(size, decimals) ? evenNeighbour(size, decimals) : Number(size.toFixed(decimals));
  return value < 0 && rounded !== 0 ? -rounded : rounded;
}

/**
 * A binary number lies exactly between two decimal ones when it is an odd multiple of 1 / 2^(decimals + 1):
 * every other denominator of such a middle holds a factor five. Multiplying by a power of two is exact.
 */
function isTie(size: number, decimals: number): boolean {
  return (size * 2 ** (decimals + 1)) % 2 === 1;
}

function evenNeighbour(size: number, decimals: number): number {
  const scale = 10 ** decimals;
  const below = Math.floor(size * scale);
  return (below % 2 === 0 ? below : below + 1) / scale;
}
