/**
 * The fault suite: `npm run test:faults -- --seeds N`. Runs every applicable cell once, then N random ones, and exits
 * with 1 when anything was stranded, written twice, wrongly broken or lost, or when a fault did not land in its phase.
 */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inheritedEnvironment, projectRoot, readConfig } from '../../src/config.ts';
import { ensureTools } from '../../src/stack/setup/ensure.ts';
import { provenanceLine } from '../support/provenance.ts';
import { quickJavaHome } from '../support/quick-java.ts';
import { firstVersions } from './cells/deploys.ts';
import { type Cell, cellName, type Fault, type SeededCell, selectCells } from './cells/matrix.ts';
import { isSameCell, VerdictLog } from './verdict/log.ts';
import { isReplacing, replaceStack } from './verdict/replace-stack.ts';
import { markdownTable, problemList, resultsPage } from './verdict/report.ts';
import { runCell } from './verdict/run-cell.ts';
import { type CellVerdict, emptyVerdict, isClean } from './verdict/verdict.ts';
import { type FaultWorld, startFaultWorld, type WorldOptions } from './world/world.ts';

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    cells: { type: 'string', default: '' },
    only: { type: 'string' },
    technology: { type: 'string' },
    'random-only': { type: 'boolean', default: false },
    /** Worlds side by side. */
    lanes: { type: 'string', default: '1' },
    /** Goes on with the run before: what it has verdicts on is not run again. */
    resume: { type: 'boolean', default: false },
    /** Keeps the table in RESULTS.md beside this file, and the verdicts in verdicts.jsonl, for another sitting. */
    'write-results': { type: 'boolean', default: false },
    /** Git ref whose workers the cells `upgraded` begin with. */
    'upgrade-from': { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

const suiteFolder = join(projectRoot, 'test', 'faults');
const reportsFolder = join(projectRoot, 'reports');

const smallDisks: Partial<Record<Cell['fault'], WorldOptions['smallDisk']>> = {
  'disk-full': { for: 'run-folders', megabytes: 64 },
  'home-full': { for: 'home', megabytes: 256 },
};

/** A world that suits a cell. */
/** Faults that start and end workers themselves. */
const ownWorkerFaults: readonly Fault[] = ['host-lost', 'rebooted', 'shared-folder'];

function worldFor({ fault }: Cell): Pick<WorldOptions, 'worker' | 'smallDisk'> {
  return {
    worker: ownWorkerFaults.includes(fault) || fault in firstVersions ? 'own' : 'stack',
    smallDisk: smallDisks[fault] ?? null,
  };
}

async function startOwnWorker(world: FaultWorld, { fault }: Cell) {
  const version = firstVersions[fault];
  if (!version) return await world.startWorker('this');
  world.deploy(version);
  return await world.startWorker('this', 'checkout');
}

/** A temporary folder of this run's own, so that what anything leaves outside of its home is seen. */
const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'cmp-faults-')));
inheritedEnvironment().TMPDIR = temporary;

/** Has the brokers start with a quarter of the processor time: a run has hundreds of them. */
async function startBrokersQuickly(): Promise<void> {
  const config = readConfig();
  await ensureTools(config, console.log);
  inheritedEnvironment().JAVA_HOME = await quickJavaHome(config);
}

/** What lies in the temporary folder beside the worlds themselves, each told once. */
const leftOutside = new Set<string>();
function newLeftOutside(): string[] {
  // A provider that a worker of an earlier commit started has its socket here for as long as it lives, in another lane.
  const sockets = readFileSync('/proc/net/unix', 'utf8');
  const now = readdirSync(temporary).filter(
    (name) => !name.startsWith('comparator-faults-') && !sockets.includes(join(temporary, name)),
  );
  const found = now.filter((name) => !leftOutside.has(name));
  for (const name of found) leftOutside.add(name);
  return found.map((name) => `outside of the home: ${name}`);
}

/** The worlds of a lane, one after another: one serves cells for as long as it suits them and was left clean. */
class Worlds {
  private present: { kind: string; world: FaultWorld } | null = null;
  private readonly upgradeFrom = options['upgrade-from'] ?? null;

  /** A world that could not be started is a cell that failed, never one that was left out. */
  async verdictOn(cell: SeededCell): Promise<CellVerdict> {
    try {
      const verdict = isReplacing(cell.fault)
        ? await replaceStack(cell, this.upgradeFrom)
        : await this.run(cell);
      verdict.stranded.push(...newLeftOutside());
      return verdict;
    } catch (error) {
      await this.end().catch(() => {});
      const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return { ...emptyVerdict(cell, 0), other: [words] };
    }
  }

  async end(): Promise<void> {
    const { present } = this;
    this.present = null;
    await present?.world.end();
  }

  private async run(cell: SeededCell): Promise<CellVerdict> {
    const kind = JSON.stringify(worldFor(cell));
    if (this.present?.kind !== kind) await this.end();
    const report = options.verbose ? (line: string) => console.log(`    ${line}`) : () => {};
    const { upgradeFrom } = this;
    this.present ??= { kind, world: await startFaultWorld({ ...worldFor(cell), upgradeFrom, report }) };
    const { world } = this.present;
    // Of a world whose workers are the cells' own, each cell begins with a fresh one.
    const own = worldFor(cell).worker === 'own' ? await startOwnWorker(world, cell) : null;
    const verdict = await runCell(world, cell);
    if (own || !isClean(verdict)) await this.end();
    return verdict;
  }
}

/** @throws when an option is no whole number of at least `least`; a run of nothing would pass */
function wholeNumber(name: 'seeds' | 'seed' | 'lanes', least: number): number {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name} must be a whole number of at least ${least}, not ${options[name]}`);
}

/** @throws when some cells are left out: their absence would read as if they did not apply */
function checkWriteResults(): void {
  if (!options['write-results']) return;
  if (options.cells || options.only || options.technology || options['random-only']) {
    throw new Error('--write-results wants a run of every cell; leave out what selects some');
  }
}

function writeResults(verdicts: CellVerdict[], asked: number): void {
  const file = join(suiteFolder, 'RESULTS.md');
  const command = `npm run test:faults -- --seeds ${options.seeds} --seed ${options.seed} --lanes ${options.lanes}`;
  writeFileSync(file, resultsPage(verdicts, { provenance: provenanceLine(), command, asked }));
  // Or the format check would refuse the table.
  execFileSync(join(projectRoot, 'node_modules', '.bin', 'biome'), ['format', '--write', file]);
}

async function runAll(): Promise<number> {
  checkWriteResults();
  const cells = selectCells({
    seeds: wholeNumber('seeds', 0),
    firstSeed: wholeNumber('seed', 0),
    faults: options.cells.split(',').filter(Boolean),
    only: options.only ?? null,
    technology: options.technology ?? null,
    randomOnly: options['random-only'],
  });
  console.log(`${cells.length} cells, first seed ${options.seed}`);
  mkdirSync(reportsFolder, { recursive: true });
  const log = new VerdictLog(
    options['write-results'] ? join(suiteFolder, 'verdicts.jsonl') : join(reportsFolder, 'faults.jsonl'),
  );
  if (!options.resume) log.clear();
  const verdicts = log.on(cells);
  const queue = cells.filter((cell) => !verdicts.some((verdict) => isSameCell(verdict.cell, cell)));
  if (verdicts.length > 0) console.log(`${verdicts.length} of them have been run before`);
  await startBrokersQuickly();
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      console.log('\nStopping after this cell.');
      interrupted = true;
    });
  }
  const lane = async () => {
    const worlds = new Worlds();
    for (let cell = queue.shift(); cell && !interrupted; cell = queue.shift()) {
      const verdict = await worlds.verdictOn(cell);
      verdicts.push(verdict);
      log.add(verdict);
      const mark = isClean(verdict) ? 'ok    ' : 'FAILED';
      const tries = verdict.tries > 1 ? `, ${verdict.tries} tries` : '';
      console.log(
        `${mark} ${verdicts.length}/${cells.length} ${cellName(cell)} seed ${cell.seed}: ${verdict.outcome ?? 'no outcome'}, ${verdict.seconds.toFixed(0)} s${tries}`,
      );
      if (!isClean(verdict)) console.log(problemList([verdict]));
    }
    await worlds.end();
  };
  await Promise.all(Array.from({ length: wholeNumber('lanes', 1) }, lane));
  verdicts.sort((a, b) => a.cell.seed - b.cell.seed);
  const table = markdownTable(verdicts);
  const problems = problemList(verdicts);
  console.log(`\n${table}\n${problems ? `\n${problems}\n` : ''}`);
  writeFileSync(
    join(reportsFolder, 'faults.md'),
    `${table}\n${problems ? `\n\`\`\`\n${problems}\n\`\`\`\n` : ''}`,
  );
  if (options['write-results'] && verdicts.length > 0) writeResults(verdicts, cells.length);
  return !interrupted && verdicts.every(isClean) ? 0 : 1;
}

try {
  process.exitCode = await runAll();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
} finally {
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
}
process.exit();
