#!/usr/bin/env node
// The beginning of every command: makes sure that the npm packages are there, finds Node 24 and hands over to it.
// The npm scripts call it by `exec node`: otherwise a SIGTERM to npm would end its shell only and leave this alive.
// Plain JavaScript without dependencies, because it runs before there are any, on the machine's own Node (20 or newer).
// Everything it says goes to standard error, so that `--json` on standard output stays clean.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
/** Says which package-lock.json the packages were installed from, and which Node 24 was found to run. */
const stampFile = join(modules, '.comparator-packages.json');
const installLock = join(root, '.comparator', 'npm-install.lock');
const neededNode = 24;

const say = (text) => process.stderr.write(`${text}\n`);

/** A reason to stop that is not a defect: shown without a stack. */
class Stop extends Error {
  constructor(message, code = 1) {
    super(message);
    this.code = code;
  }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/**
 * How node_modules compares with package-lock.json: `complete`, `production` (only packages for development are
 * missing) or `stale`. Packages for other platforms are optional and may be missing.
 */
function compareInstalled() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const installed = readJson(join(modules, '.package-lock.json'))?.packages ?? {};
  let result = 'complete';
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link) continue;
    if (installed[path]) {
      if (installed[path].version !== entry.version) return 'stale';
      if (!existsSync(join(root, path, 'package.json'))) return 'stale';
    } else if (!entry.optional && !entry.devOptional) {
      if (!entry.dev) return 'stale';
      result = 'production';
    }
  }
  return result;
}

let interruptedBy = null;

/** Passes the signals that end a program on to `child`, and returns how it ended, as an exit code. */
function follow(child) {
  return new Promise((resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        interruptedBy = signal;
        child.kill(signal);
      });
    }
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

/** A process as the lock names it; its start time tells it from a later one with its pid. */
function identify(pid) {
  return { pid, started: startOf(pid) };
}

/** Whether the bootstrap that took the lock still lives, or the npm that a killed one left at work. */
function ownerLives(owner) {
  return lives(owner) || lives(owner?.npm);
}

function lives(owner) {
  if (!Number.isInteger(owner?.pid)) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return owner.started === null || startOf(owner.pid) === owner.started;
}

function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Two installs at once would tear each other's folders apart; the second waits here. Returns what gives the lock back. */
async function lockInstall() {
  mkdirSync(dirname(installLock), { recursive: true });
  const mine = JSON.stringify(identify(process.pid));
  for (let told = false; ; ) {
    try {
      writeFileSync(installLock, mine, { flag: 'wx' });
      let held = true;
      return () => {
        if (held) rmSync(installLock, { force: true });
        held = false;
      };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    let owner = readJson(installLock);
    if (!owner) {
      await delay(200); // A reader can come between the file's creation and its content.
      owner = readJson(installLock);
    }
    if (!ownerLives(owner)) {
      // Renaming first: of several that find the same dead owner, one removes the lock.
      const aside = `${installLock}.${process.pid}`;
      try {
        renameSync(installLock, aside);
        rmSync(aside);
      } catch (error) {
        if (error.code !== 'ENOENT') throw error;
      }
      continue;
    }
    if (!told) say(`Another process (${owner.pid}) is installing the npm packages; waiting for it …`);
    told = true;
    await delay(300);
  }
}

async function installPackages() {
  say('Installing npm packages (once, about 250 MB) …');
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // Started by npm, we know which npm; otherwise it is the one on the PATH.
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js')
    ? spawn(process.execPath, [process.env.npm_execpath, ...options], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawn('npm', options, { cwd: root, stdio: ['ignore', 2, 2] });
  if (npm.pid) {
    const aside = `${installLock}.${process.pid}`;
    writeFileSync(aside, JSON.stringify({ ...identify(process.pid), npm: identify(npm.pid) }));
    renameSync(aside, installLock);
  }
  const began = Date.now();
  const ticker = setInterval(() => say(`  … ${Math.round((Date.now() - began) / 1000)} s`), 15_000);
  let code;
  try {
    code = await follow(npm);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new Stop(`npm was not found on the PATH; it comes with Node.js.\n${howToGetNode()}`);
  } finally {
    clearInterval(ticker);
  }
  if (interruptedBy) {
    const message = 'Stopped while installing npm packages; the next start begins again.';
    throw new Stop(message, 128 + constants.signals[interruptedBy]);
  }
  if (code !== 0) throw new Stop(`npm ci failed with exit code ${code} (see above). In ${root}, try: npm ci`);
  say(`npm packages installed in ${Math.round((Date.now() - began) / 1000)} s.`);
}

function howToGetNode() {
  const how = {
    darwin: 'macOS: brew install node@24, or the installer from nodejs.org',
    win32: 'Windows: run the comparator inside WSL (wsl --install -d Debian), and there install Node.js',
  };
  return `Get Node.js ${neededNode} or newer. ${
    how[process.platform] ??
    'Debian, Ubuntu and WSL: the packages of nodejs.org or NodeSource (nodejs.org/download), or nvm install 24'
  }.`;
}

/** The major version of a node executable, 0 when it cannot be run. */
function majorVersion(file) {
  const result = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return Number(/^v(\d+)\./.exec(result.stdout ?? '')?.[1] ?? 0);
}

/** Node 24: the npm package's, else this very one, else one on the PATH. */
function findNode() {
  const own = join(modules, '.bin', 'node');
  if (existsSync(own) && majorVersion(own) >= neededNode) return own;
  if (Number(process.versions.node.split('.')[0]) >= neededNode) return process.execPath;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, 'node');
    if (folder && existsSync(file) && majorVersion(file) >= neededNode) return file;
  }
  throw new Stop(
    `The comparator runs on Node.js ${neededNode}; npm has no package of it for ${process.platform}-${process.arch} ` +
      `and this machine's is ${process.versions.node}.\n${howToGetNode()}`,
  );
}

/** Makes sure of the npm packages and returns the path of Node 24. */
async function prepare(needsDevelopmentPackages) {
  const hash = lockHash();
  const stamp = readJson(stampFile);
  if (stamp?.lock === hash && existsSync(stamp.node)) return stamp.node;
  const good = () => {
    const state = compareInstalled();
    return state === 'complete' || (state === 'production' && !needsDevelopmentPackages) ? state : null;
  };
  let state = good();
  if (!state) {
    const unlock = await lockInstall();
    process.once('exit', unlock);
    try {
      state = good(); // Another process may have installed them while we waited.
      if (!state) {
        await installPackages();
        state = good();
        if (!state) throw new Stop('npm ci ended well, yet node_modules does not match package-lock.json.');
      }
    } finally {
      unlock();
    }
  }
  const node = findNode();
  if (state === 'complete') {
    try {
      writeFileSync(`${stampFile}.${process.pid}`, JSON.stringify({ lock: hash, node }));
      renameSync(`${stampFile}.${process.pid}`, stampFile);
    } catch {
      // A project folder that cannot be written to works as well; it is compared each time.
    }
  }
  return node;
}

/**
 * Where a proxy is set, as it is for everybody in many companies, clients send even what is for this machine to it: gRPC
 * does, and Node with NODE_USE_ENV_PROXY. Everything else goes on using it.
 */
function loopbackPastProxies(env) {
  const past = (names) => [...new Set([...(names ?? '').split(','), ...loopback])].filter(Boolean).join(',');
  const own = env.no_proxy ?? env.NO_PROXY;
  const grpc = env.no_grpc_proxy;
  return {
    no_proxy: past(own),
    NO_PROXY: past(env.NO_PROXY ?? own),
    ...(grpc && { no_grpc_proxy: past(grpc) }),
  };
}
const loopback = ['127.0.0.1', 'localhost', '::1'];

async function main(argv) {
  if (process.platform === 'win32') throw new Stop(howToGetNode());
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Stop(`Node.js ${process.versions.node} is too old even to begin with.\n${howToGetNode()}`);
  }
  const isScript = argv[0] === '--script';
  const entry = isScript
    ? join(root, 'src', 'scripts', `${argv[1]}.ts`)
    : join(root, 'src', 'cli', 'main.ts');
  if (isScript && (!/^[a-z-]+(\/[a-z-]+)?$/.test(argv[1] ?? '') || !existsSync(entry))) {
    throw new Stop(`There is no script named ${argv[1] ?? '(nothing)'}.`, 2);
  }
  const node = await prepare(isScript);
  const guard = pathToFileURL(join(root, 'src', 'end-with-bootstrap.mjs')).href;
  const args = ['--import', guard, entry, ...argv.slice(isScript ? 2 : 0)];
  // What Node has compiled is kept: whatever is started after the first time costs half the processor time.
  const cache = join(resolve(root, process.env.COMPARATOR_HOME || '.comparator'), 'cache', 'node');
  const env = { NODE_COMPILE_CACHE: cache, ...process.env, ...loopbackPastProxies(process.env) };
  return follow(spawn(node, args, { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] }));
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    say(error instanceof Stop ? error.message : error.stack);
    process.exit(error.code > 0 ? error.code : 1);
  },
);
