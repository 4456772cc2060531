import { resolve } from 'node:path';
import { cloud, selfHosted } from './build/editions.js';

const root = resolve(__dirname, '..');

/** Which of the two packages is tested and tried out: that of `EDITION=cloud`, or the self-hosted one. */
export const EDITION = process.env.EDITION === 'cloud' ? 'cloud' : 'self-hosted';

const { folder, manifest } = EDITION === 'cloud' ? cloud : selfHosted;

/** The package's name, which begins the type of each of its nodes in a workflow. */
export const PACKAGE_NAME: string = manifest.name;

/** The folder of the package as it is built, with its `package.json`. */
export const PACKAGE_FOLDER = resolve(root, folder);

/** The type of one of the package's nodes, as workflows hold it. */
export function nodeType(
	node: 'replicate' | 'replicateTool' | 'replicateTrigger' | 'replicateChatModel',
): string {
	return `${PACKAGE_NAME}.${node}`;
}
