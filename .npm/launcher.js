#!/usr/bin/env node
// Starts the badsig program that npm installed for this platform, and is otherwise not there: the terminal, the
// arguments and the environment are the program's, its exit status is ours.
'use strict';

const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');

const platform = `${process.platform}-${process.arch}`;
const name = `@badsig/${platform}`;
const file = process.platform === 'win32' ? 'badsig.exe' : 'badsig';

/** Where the program is: BADSIG_BINARY, or the platform's package beside this one. */
function program() {
  if (process.env.BADSIG_BINARY) return process.env.BADSIG_BINARY;
  try {
    return path.join(path.dirname(require.resolve(`${name}/package.json`)), 'bin', file);
  } catch {
    return '';
  }
}

function fail(text) {
  process.stderr.write(`badsig: ${text}\n`);
  process.exit(2);
}

const supported = Object.keys(require('./package.json').optionalDependencies || {}).map((p) => p.slice('@badsig/'.length));
const bin = program();
if (!bin || !fs.existsSync(bin)) {
  if (!supported.includes(platform)) {
    fail(`there is no build for ${platform} (there is one for ${supported.join(', ')}); with Go installed: see "Install" in the README`);
  }
  fail(`the package ${name} is missing: optional dependencies were left out, or node_modules came from another platform; run npm install --include=optional badsig`);
}

// A package that was unpacked without its file modes can still be run.
if (process.platform !== 'win32') {
  try {
    fs.accessSync(bin, fs.constants.X_OK);
  } catch {
    try { fs.chmodSync(bin, 0o755); } catch { /* spawn says what is wrong */ }
  }
}

const child = spawn(bin, process.argv.slice(2), { stdio: 'inherit', windowsHide: false });

// ctrl+c, ctrl+\ and a closed terminal reach the whole group, so the program hears them itself: we only must not end
// before it does. A signal that was sent to this process alone is passed on.
const onTerminal = [0, 1, 2].some((fd) => require('tty').isatty(fd));
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGTERM', 'SIGUSR1', 'SIGUSR2']) {
  if (process.platform === 'win32' && !['SIGINT', 'SIGTERM', 'SIGHUP'].includes(signal)) continue;
  try {
    process.on(signal, () => {
      if (onTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT')) return;
      child.kill(signal);
    });
  } catch { /* this platform does not know it */ }
}

child.on('error', (e) => fail(`${bin} could not be started: ${e.message}`));
child.on('exit', (code, signal) => {
  if (signal) {
    // Ended by a signal: end the same way, so that the shell sees what it would see without us.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(1), 1000);
    return;
  }
  process.exit(code === null ? 1 : code);
});
