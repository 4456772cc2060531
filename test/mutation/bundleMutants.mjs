import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';

/** Bundles the package in Stryker's copy of the project, which has no libraries of its own yet. */
symlinkSync('../../../node_modules', 'node_modules');
const gulp = ['node_modules/gulp/bin/gulp.js', 'bundle', '--silent'];
process.exitCode = spawnSync(process.execPath, gulp, { stdio: 'inherit' }).status ?? 1;
