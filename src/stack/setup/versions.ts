/** What set-up installs or asks for. requirements.txt and kafka/pom.xml hold the same versions; a test compares them. */
export const pinned = {
  temporal: '1.9.1',
  ministack: '1.5.33',
  natsServer: '2.15.1',
  kafka: '4.3.1',
  awsProvider: '5.100.0',
} as const;

/** The oldest that will do, of what the machine must bring. */
export const atLeast = {
  node: [24],
  python: [3, 10],
  java: [17],
  maven: [3, 6],
  terraform: [1, 11],
} as const;

/** The numbers of a version: `17.0.15` gives [17, 0, 15]; null when there is none in the text. */
export function parseVersion(text: string): number[] | null {
  const match = /\d+(?:\.\d+)*/.exec(text);
  return match ? match[0].split('.').map(Number) : null;
}

/** Whether a version is the wanted one or newer. */
export function isAtLeast(version: readonly number[], wanted: readonly number[]): boolean {
  for (const [index, number] of wanted.entries()) {
    const have = version[index] ?? 0;
    if (have !== number) return have > number;
  }
  return true;
}
