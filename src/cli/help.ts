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
  extend: ['npx comparator extend 01m8c17x… 30'],
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
    'npx comparator explain clusters',
  ],
  validate: [
    'npx comparator validate experiment.yaml',
    'npx comparator validate examples/kafka-vs-kinesis-aws.yaml --plan',
  ],
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

/** What each variable is for, and its default. */
const variables: Record<string, string> = {
  COMPARATOR_URL: 'where the API is; without, the stack of this home',
  COMPARATOR_API_KEYS: 'keys of the API, with commas between; commands send the first',
  COMPARATOR_API_KEYS_FILE: 'a file of keys with names and roles: comparator explain keys',
  COMPARATOR_REQUESTS_PER_MINUTE: 'requests that a key may make in a minute (1200)',
  COMPARATOR_HOME: 'databases, run folders, logs (.comparator)',
  COMPARATOR_TOOLS: 'what set-up installs (tools, in the home)',
  COMPARATOR_HOST: 'address on which the API of a stack listens (127.0.0.1)',
  COMPARATOR_PORT: 'its port (3000)',
  COMPARATOR_PRICES: 'a file of prices in place of the built-in ones: comparator explain prices',
  COMPARATOR_CLUSTERS: 'a file of clusters that target: existing may measure: comparator explain clusters',
  COMPARATOR_AWS_ACCOUNTS: 'AWS accounts that target: aws may use, with commas between (none)',
  COMPARATOR_AWS_REGIONS: 'regions that it may use (that of AWS_REGION)',
  COMPARATOR_AWS_NETWORK: 'a VPC of yours for it, and its subnets: vpc-…,subnet-…,subnet-… (one is made)',
  COMPARATOR_GENERATOR_IMAGE: "the load generators' image there, by its digest",
  COMPARATOR_GENERATOR_SECRETS: 'their secrets, by reference: TEMPORAL_API_KEY=arn:…, with commas between',
  COMPARATOR_RETENTION_DAYS: 'for how many days what is closed is kept (for ever)',
  COMPARATOR_RESULTS_BUCKET: 'the S3 bucket of records and results (comparator-results)',
  COMPARATOR_TERRAFORM_MIRROR: 'a folder of Terraform providers, where they cannot be downloaded',
  COMPARATOR_TEMPORAL_PORT: 'port of the embedded Temporal (a free one)',
  COMPARATOR_TEMPORAL_UI_PORT: 'port of its Web UI (a free one)',
  COMPARATOR_TEMPORAL_UI_URL: "where people see a Temporal Web UI of one's own",
  COMPARATOR_AWS_PORT: 'port of the AWS emulator (a free one)',
  COMPARATOR_WORKER_METRICS_PORT:
    'port of the metrics of a worker (a free one; none where it is started alone)',
  COMPARATOR_WORKER_METRICS_HOST: 'address on which these listen (127.0.0.1)',
  COMPARATOR_TERRAFORMS_AT_ONCE: 'terraforms that a worker runs at once (4)',
  COMPARATOR_ACTIVITIES_AT_ONCE: 'other activities that it does at once (100)',
  COMPARATOR_WORKFLOW_TASKS_AT_ONCE: 'workflow tasks that it does at once (2)',
  COMPARATOR_CACHED_WORKFLOWS: 'workflows that it keeps in memory, about 2 MB each (200)',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'where traces go, by OTLP over HTTP (nowhere)',
  TEMPORAL_ADDRESS: "host:port of a Temporal of one's own (the embedded one)",
  TEMPORAL_NAMESPACE: 'its namespace (default)',
  TEMPORAL_API_KEY: "its key; also TEMPORAL_TLS_… and TEMPORAL_PROFILE, as Temporal's tools have them",
  AWS_REGION: 'region of AWS, and of the prices (us-east-1)',
  AWS_ENDPOINT_URL: "an AWS endpoint of one's own (the embedded emulator, or with accounts AWS itself)",
};

function environmentText(): string {
  const width = Math.max(...Object.keys(variables).map((name) => name.length));
  return [
    'Environment:',
    ...Object.entries(variables).map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`),
  ].join('\n');
}
