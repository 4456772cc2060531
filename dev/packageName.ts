import { name } from '../package.json';

/** The package's name, which begins the type of each of its nodes in a workflow. */
export const PACKAGE_NAME = name;

/** The type of one of the package's nodes, as workflows hold it. */
export function nodeType(node: 'replicate' | 'replicateTool' | 'replicateTrigger'): string {
	return `${PACKAGE_NAME}.${node}`;
}
