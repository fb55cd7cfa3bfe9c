import type { Command } from 'commander';
import { exitCodeMeanings } from './exit-codes.ts';

/** Examples for the help of each command; every command has some. */
const examples: Record<string, string[]> = {
  start: ['npm start', 'COMPARATOR_PORT=3100 COMPARATOR_HOME=/srv/comparator npx comparator start'],
  demo: ['npm run demo', 'npm run demo -- --file examples/kafka-vs-nats.yaml --keep'],
  run: [
    'npx comparator run examples/kafka-local.yaml',
    'npx comparator run examples/kafka-vs-kinesis.yaml --json > report.json',
    'npx comparator run experiment.yaml --fail-on-undecided',
    'npx comparator run --from-report report.json --fail-on-regression 10',
  ],
  list: ['npx comparator list', 'npx comparator list --technology kafka --outcome completed --json'],
  show: ['npx comparator show 01m8c17x…'],
  log: ['npx comparator log 01m8c17x…', 'npx comparator log 01m8c17x… --follow'],
  cancel: ['npx comparator cancel 01m8c17x…'],
  delete: ['npx comparator delete 01m8c17x…', 'npx comparator delete 01m8c17x… --experiments'],
  'retry-destroy': [
    'npx comparator retry-destroy 01m8c17x…',
    'npx comparator retry-destroy 01m8c17x… --break-lock 6c1a…',
  ],
  reap: ['npx comparator reap --dry-run', 'npx comparator reap'],
  report: [
    'npx comparator report 01m8c17x…',
    'npx comparator report 01m8c17x… --format markdown > report.md',
  ],
  technologies: ['npx comparator technologies', 'npx comparator technologies kafka'],
  explain: [
    'npx comparator explain',
    'npx comparator explain workload.load',
    'npx comparator explain metrics',
    'npx comparator explain prices',
    '  COMPARATOR_CLUSTERS  a file of clusters that target: existing may measure: comparator explain clusters',
  ],
  validate: ['npx comparator validate experiment.yaml'],
  import: ['npx comparator import omb workload.yaml driver.yaml --out experiment.yaml'],
  doctor: ['npx comparator doctor'],
};

/** Commands that do without a comparator that runs. */
const standalone = new Set(['start', 'demo', 'explain', 'validate', 'import', 'doctor']);

/** Adds to the help of every command what its options do not say: examples, exit codes, environment. */
export function addHelp(program: Command): void {
  program.addHelpText('after', `\n${exitCodesText()}\n\n${environmentText()}`);
  for (const command of program.commands) {
    const lines = examples[command.name()]?.map((line) => `  ${line}`) ?? [];
    const needs = standalone.has(command.name())
      ? []
      : ['', 'Needs a comparator that runs: npm start, or COMPARATOR_URL.'];
    command.addHelpText(
      'after',
      ['', 'Examples:', ...lines, ...needs, '', exitCodesText(), '', environmentText()].join('\n'),
    );
    command.showHelpAfterError(`(comparator ${command.name()} --help lists its arguments and options)`);
  }
}

function exitCodesText(): string {
  return [
    'Exit codes:',
    ...Object.entries(exitCodeMeanings).map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`),
  ].join('\n');
}

function environmentText(): string {
  return [
    'Environment:',
    '  COMPARATOR_URL       where the API is; without, the stack of this home',
    '  COMPARATOR_HOME      databases, run folders, logs (.comparator)',
    '  COMPARATOR_API_KEYS  the first is sent as bearer key',
    '  COMPARATOR_PORT      where the API of a stack listens (3000)',
    '  COMPARATOR_PRICES    a file of prices in place of the built-in ones: comparator explain prices',
  ].join('\n');
}
