/** How a metric of a variant has changed from one report to another. JSON has no infinity: `reason` says where a null is one. */
export interface Change {
  label: string;
  /** Path below `measurement`. */
  metric: string;
  /** The median of the runs, or of a count the sum; null where there is none, and beyond any number. */
  before: number | null;
  after: number | null;
  /** After by before; null of a count of messages, and of what only one of the reports has. */
  ratio: { estimate: number | null; low: number | null; high: number | null } | null;
  /** `unknown`: it cannot be told, for the reason given. */
  finding: 'worse' | 'better' | 'none' | 'unknown';
  /** By how much it is worse, in percent of what it was; below 0 where it is better; null where no number says so. */
  worsePercent: number | null;
  /** Why it cannot be told, or why a number is missing; null where there is nothing to say. */
  reason: string | null;
}
