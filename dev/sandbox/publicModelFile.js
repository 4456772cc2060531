const {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} = require('node:fs');
const { dirname, join } = require('node:path');

const PACKAGE = 'all-the-public-replicate-models';

/** The version of the files' form: another one is written beside them. */
const FORM = 1;

/**
 * The public models in a form that the sandbox reads in milliseconds: `index.json` with what lists and
 * searches show of each, the newest version first, and `models.jsonl` with one whole model on each line,
 * which the index gives the place of. The package has them in one file of 63 MB. Written by the
 * installation, or when they are first needed.
 *
 * @returns the folder of the two files, beside the packages
 */
function splitPublicModels() {
	const source = dirname(require.resolve(PACKAGE));
	const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
	const cache = join(dirname(source), '.cache');
	const folder = join(cache, `${PACKAGE}-${version}-${FORM}`);
	if (existsSync(folder)) return folder;
	const models = JSON.parse(readFileSync(join(source, 'models.json'), 'utf8'));
	models.sort((one, other) =>
		other.latest_version.created_at.localeCompare(one.latest_version.created_at),
	);
	let at = 0;
	const index = [];
	const lines = [];
	for (const model of models) {
		const line = Buffer.from(`${JSON.stringify(model)}\n`);
		lines.push(line);
		index.push(entryOf(model, at, line.length));
		at += line.length;
	}
	mkdirSync(cache, { recursive: true });
	const unfinished = mkdtempSync(`${folder}-`);
	writeFileSync(join(unfinished, 'models.jsonl'), Buffer.concat(lines));
	writeFileSync(join(unfinished, 'index.json'), JSON.stringify(index));
	try {
		renameSync(unfinished, folder);
	} catch (error) {
		// Another process was faster.
		if (!existsSync(folder)) throw error;
		rmSync(unfinished, { recursive: true });
	}
	return folder;
}

/** What the index says of a model, and where in `models.jsonl` the whole of it is, in bytes. */
function entryOf(model, at, bytes) {
	const { default_example: example, latest_version: latest, ...facts } = model;
	const { openapi_schema: _schema, ...version } = latest;
	// The data is older than `is_official`; examples of official models were made by their service.
	const isOfficial = example?.webhook?.includes('official-model-prediction') ?? false;
	return { ...facts, latest_version: version, is_official: isOfficial, at, bytes };
}

module.exports = { splitPublicModels };
