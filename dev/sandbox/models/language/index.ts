import type { SandboxModel } from '../model';
import { openai } from './openai';
import { prompted } from './prompted';
import { replies } from './reply';
import { shapes } from './shapes';
import { structured } from './structured';

/** Says that it is no real model, to those who try a recipe. */
const REMARK =
	' This is the sandbox: no real model runs here, so that the reply is your own words, token by token.';

/** Language models by the names of public ones, and some that have other shapes. */
export const languageModels: SandboxModel[] = [...openai, structured, ...prompted, ...shapes];

/** Real public models that talk here. */
export const languageRuns: Record<string, SandboxModel['run']> = {
	'meta/meta-llama-3-8b-instruct': replies({ remark: REMARK }),
	'meta/meta-llama-3-70b-instruct': replies({ remark: REMARK }),
	'meta/meta-llama-3.1-405b-instruct': replies({ remark: REMARK }),
};

const NAMES = new Set([
	...languageModels.map(({ owner, name }) => `${owner}/${name}`),
	...Object.keys(languageRuns),
]);

/** Whether a model is in the collection of language models. */
export function isLanguageModel({ owner, name }: SandboxModel): boolean {
	return owner !== 'sandbox' && NAMES.has(`${owner}/${name}`);
}
