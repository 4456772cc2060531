import { checksum } from './checksum';
import { copy } from './copy';
import { fail } from './fail';
import { huge } from './huge';
import { languageModels } from './language';
import { mixed } from './mixed';
import type { SandboxModel } from './model';
import { payload } from './payload';
import { says } from './says';
import { slow } from './slow';
import { thumbnail } from './thumbnail';
import { tokens } from './tokens';
import { variants } from './variants';
import { compound } from './today/compound';
import { images } from './today/images';
import { speech } from './today/speech';
import { unions } from './today/unions';
import { videos } from './today/videos';
import { trainable } from './trainable';
import { vendorProxy } from './vendorProxy';

/** The models that really run in the sandbox. */
export const models: SandboxModel[] = [
	checksum,
	copy,
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
	unions,
	// Later than the package of public models, so that they are kept here.
	...languageModels,
	...compound,
	...images,
	...speech,
	...videos,
];
