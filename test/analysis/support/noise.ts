import { seededRandom } from '../../../src/contracts/input/grid/random.ts';

/** Random numbers as measurements have them, the same for the same seed. */
export class Noise {
  readonly random: () => number;
  private last = 0;
  private hasLast = false;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** Of the normal distribution, about 0. */
  normal(deviation: number): number {
    return deviation * Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
  }

  /** A factor about 1. */
  factor(deviation: number): number {
    return Math.exp(this.normal(deviation));
  }

  /** A factor about 1 that resembles the one before (an autoregressive process of order 1). */
  nextFactor(deviation: number, resemblance: number): number {
    const fresh = this.normal(deviation);
    this.last = this.hasLast ? resemblance * this.last + Math.sqrt(1 - resemblance ** 2) * fresh : fresh;
    this.hasLast = true;
    return Math.exp(this.last);
  }
}
