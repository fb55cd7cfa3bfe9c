import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { projectRoot } from '../../../src/config.ts';

/**
 * A folder for each release, with what its workflows did on a real Temporal server. `releases.json` beside them lists
 * every release and the SHA-256 of each of its files: histories once recorded are neither changed nor removed, since
 * workflows of that release may still run.
 */
export const goldenFolder = join(projectRoot, 'test', 'golden');

const suffix = '.json.gz';
const releasesSchema = z.record(z.string(), z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)));
/** Release → name of a history → SHA-256 of its file. */
export type Releases = z.infer<typeof releasesSchema>;

export function readReleases(folder = goldenFolder): Releases {
  return releasesSchema.parse(JSON.parse(readFileSync(listFile(folder), 'utf8')));
}

/** A history as Temporal's Web UI and command line give it, as JSON. */
export function readHistory(release: string, name: string, folder = goldenFolder) {
  return JSON.parse(gunzipSync(readFileSync(join(folder, release, `${name}${suffix}`))).toString());
}

/** Where the folders differ from the list, in words; empty when nothing was changed, removed or slipped in. */
export function deviations(folder = goldenFolder): string[] {
  const releases = readReleases(folder);
  const listed = Object.keys(releases);
  const unlisted = readdirSync(folder).filter((name) => name !== 'releases.json' && !listed.includes(name));
  return [
    ...unlisted.map((name) => `${name} is not listed in releases.json`),
    ...listed.flatMap((release) => deviationsOf(join(folder, release), releases[release] ?? {})),
  ];
}

function deviationsOf(folder: string, sums: Record<string, string>): string[] {
  if (!existsSync(folder)) return [`${folder} is missing`];
  const names = readdirSync(folder).map((file) => file.slice(0, -suffix.length));
  return [
    ...names.filter((name) => !(name in sums)).map((name) => `${name} is not listed in releases.json`),
    ...Object.entries(sums).flatMap(([name, sum]) => {
      if (!names.includes(name)) return [`${name} is missing`];
      const changed = checksum(readFileSync(join(folder, `${name}${suffix}`))) !== sum;
      return changed ? [`${name} was changed after it had been recorded`] : [];
    }),
  ];
}

/** @throws Error when the release has its histories already, or its name is none for a folder */
export function assertRecordable(release: string, folder = goldenFolder): void {
  if (!/^\d+\.\d+\.\d+[0-9a-z.-]*$/.test(release)) {
    throw new Error(`"${release}" is not the name of a release, such as 1.2.0 or 1.2.0-search`);
  }
  if (!(release in readReleases(folder)) && !existsSync(join(folder, release))) return;
  throw new Error(
    `The histories of release ${release} have been recorded, and experiments of it may still run: they are never ` +
      'recorded over. Raise the version in package.json, or name another folder with --as VERSION.',
  );
}

/**
 * Adds a release with all its histories.
 * @param histories by their names, as JSON text
 * @throws Error when the release has its histories already
 */
export function addRelease(
  release: string,
  histories: ReadonlyMap<string, string>,
  folder = goldenFolder,
): void {
  assertRecordable(release, folder);
  mkdirSync(join(folder, release));
  const sums: Record<string, string> = {};
  for (const [name, history] of [...histories].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const content = gzipSync(history, { level: 9 });
    writeFileSync(join(folder, release, `${name}${suffix}`), content);
    sums[name] = checksum(content);
  }
  writeFileSync(
    listFile(folder),
    `${JSON.stringify({ ...readReleases(folder), [release]: sums }, null, 2)}\n`,
  );
}

function listFile(folder: string): string {
  return join(folder, 'releases.json');
}

function checksum(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
