import { checksum } from './checksum';
import { fail } from './fail';
import { huge } from './huge';
import { mixed } from './mixed';
import type { SandboxModel } from './model';
import { payload } from './payload';
import { says } from './says';
import { slow } from './slow';
import { thumbnail } from './thumbnail';
import { tokens } from './tokens';
import { variants } from './variants';
import { trainable } from './trainable';
import { vendorProxy } from './vendorProxy';

/** The models that really run in the sandbox. */
export const models: SandboxModel[] = [
	checksum,
	fail,
	huge,
	mixed,
	payload,
	says,
	slow,
	thumbnail,
	tokens,
	trainable,
	variants,
	vendorProxy,
];
