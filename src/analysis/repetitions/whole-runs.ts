/** Runs that were cut short are in no median, unless there are no others: their speed is of another time. */
export function wholeRuns<Run extends { partial: boolean }>(runs: readonly Run[]): readonly Run[] {
  const whole = runs.filter(({ partial }) => !partial);
  return whole.length > 0 ? whole : runs;
}
