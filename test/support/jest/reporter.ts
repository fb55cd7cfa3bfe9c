/** What is read here of jest's results. */
interface Results {
  testResults: {
    testFilePath: string;
    perfStats: { runtime: number };
    testResults: { fullName: string; duration?: number | null }[];
  }[];
}

const shown = 20;
/** How long jest may take to end by itself. */
const endGraceMs = 10_000;

/**
 * Says at the end which files and tests took the longest; of a few files, nothing. Ends a jest that does not end by
 * itself, and says what kept it.
 */
export default class ClosingReporter {
  onRunComplete(_contexts: unknown, { testResults }: Results): void {
    setTimeout(() => {
      const kept = process.getActiveResourcesInfo().join(', ');
      process.stderr.write(
        `\nThe tests left something that keeps jest from ending: ${kept || 'a native handle'}\n`,
      );
      process.exit(process.exitCode || 1);
    }, endGraceMs).unref();
    if (testResults.length < shown) return;
    const path = (file: string) => file.slice(file.lastIndexOf('/test/') + 1);
    const files = testResults.map(({ testFilePath, perfStats }) => ({
      ms: perfStats.runtime,
      name: path(testFilePath),
    }));
    const tests = testResults.flatMap((result) =>
      result.testResults.map(({ duration, fullName }) => ({
        ms: duration ?? 0,
        name: `${path(result.testFilePath)} › ${fullName}`,
      })),
    );
    print(`The ${shown} slowest files:`, files);
    print(`The ${shown} slowest of ${tests.length} tests:`, tests);
  }
}

function print(heading: string, timed: { ms: number; name: string }[]): void {
  const slowest = [...timed].sort((one, other) => other.ms - one.ms).slice(0, shown);
  const lines = slowest.map(({ ms, name }) => `${(ms / 1_000).toFixed(1).padStart(7)} s  ${name}`);
  process.stderr.write(`\n${heading}\n${lines.join('\n')}\n`);
}
