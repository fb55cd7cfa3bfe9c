/**
 * Draws ranks from 1 to `count` by Zipf's law, each with a probability proportional to rank^−exponent: exactly, without
 * a table, in constant time, and with little more than one uniform number a draw.
 *
 * Rejection-inversion: W. Hörmann and G. Derflinger, "Rejection-inversion to generate variates from monotone discrete
 * distributions", ACM Transactions on Modeling and Computer Simulation 6(3), 1996. With h(x) = x^−exponent and H its
 * integral, a point u under H over [1/2, count + 1/2] is inverted and rounded to a rank k; it is taken when u lies in
 * the last h(k) of the area up to k + 1/2, as it nearly always does.
 *
 * @param exponent above 0
 * @param random uniform in [0, 1)
 */
export function zipfRanks(count: number, exponent: number, random: () => number): () => number {
  const h = (x: number) => Math.exp(-exponent * Math.log(x));
  // With expm1 and log1p, exponents close to 1 lose no digits, and 1 itself needs only its limit, the logarithm.
  const power = 1 - exponent;
  const integral = (x: number) => (power === 0 ? Math.log(x) : Math.expm1(power * Math.log(x)) / power);
  const inverse = (area: number) =>
    Math.exp(power === 0 ? area : Math.log1p(Math.max(-1, area * power)) / power);
  const first = integral(1.5) - 1;
  const last = integral(count + 0.5);
  // Closer than this above the rounded value, a point is always taken.
  const alwaysTaken = 2 - inverse(integral(2.5) - h(2));
  return () => {
    for (;;) {
      const area = last + random() * (first - last);
      const x = inverse(area);
      const rank = Math.min(count, Math.max(1, Math.round(x)));
      if (rank - x <= alwaysTaken || area >= integral(rank + 0.5) - h(rank)) return rank;
    }
  };
}
