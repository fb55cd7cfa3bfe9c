import { execa } from 'execa';
import { z } from 'zod';
import { say } from '../../cli/say.ts';
import { inheritedEnvironment, projectRoot } from '../../config.ts';
import { findExecutable } from '../../stack/setup/find-executable.ts';
import { runProgram } from '../support/run-program.ts';
import { runScript } from '../support/run-script.ts';

/** Licences under which what we ship may be used and passed on, its source unchanged, on no condition but to name it. */
const allowed = new Set([
  ...['MIT', 'MIT-0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0'],
  ...['CC0-1.0', 'Unlicense', 'Python-2.0', 'Zlib', 'MPL-2.0'],
]);

/** As `npm sbom` has it, of what is looked at. */
const sbomSchema = z.object({
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      licenses: z
        .array(
          z.union([
            z.object({ license: z.object({ id: z.string() }) }).transform(({ license }) => license.id),
            z.object({ license: z.object({ name: z.string() }) }).transform(({ license }) => license.name),
            z.object({ expression: z.string() }).transform(({ expression }) => expression),
          ]),
        )
        .default([]),
    }),
  ),
});

/**
 * `npm run check:packages`: known faults of the packages that we ship, as the registry has them now, and their licences; with
 * `-- --licences` these alone, which asks no registry.
 */
await runScript(async () => {
  const npm = findExecutable('npm', inheritedEnvironment().PATH);
  if (!npm) throw new Error('npm is not on the PATH');
  const failed: string[] = [];
  if (!process.argv.includes('--licences')) {
    say('\n# npm audit');
    const code = await runProgram(npm, ['audit', '--omit=dev', '--audit-level=moderate']);
    if (code > 128) return code;
    if (code !== 0) failed.push('npm audit');
  }
  say('\n# licences');
  const refused = await refusedLicenses(npm);
  for (const line of refused) say(line);
  if (refused.length > 0) failed.push('licences');
  say(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
});

/** Packages whose licence is not allowed, or that name none, a line each. */
async function refusedLicenses(npm: string): Promise<string[]> {
  const options = ['sbom', '--omit=dev', '--sbom-format=cyclonedx', `--prefix=${projectRoot}`];
  const { stdout } = await execa(npm, options, { stdin: 'ignore', timeout: 120_000 });
  const { components } = sbomSchema.parse(JSON.parse(stdout));
  const counts = Map.groupBy(components, ({ licenses }) => licenses.join(', ') || 'none');
  for (const [license, { length }] of [...counts].sort(([, a], [, b]) => b.length - a.length))
    say(`${String(length).padStart(5)} ${license}`);
  return components
    .filter(({ licenses }) => licenses.length === 0 || !licenses.every(isAllowed))
    .map(
      ({ name, version, licenses }) => `${name} ${version} has the licence ${licenses.join(', ') || 'none'}`,
    );
}

/** Of a choice, one that is allowed is enough; of a sum, all must be. */
function isAllowed(expression: string): boolean {
  const choices = expression.replaceAll(/[()]/g, '').split(/ OR /i);
  return choices.some((choice) => choice.split(/ AND /i).every((one) => allowed.has(one.trim())));
}
