import { contract, engine, unit, type Mutation } from './mutation';

/** A rule of the nodes that is not about attacks, broken in one line. */
export interface BehaviourMutation extends Mutation {
	/** What the node does as long as nothing is broken. */
	behaviour: string;
}

/** Breaks that no test had noticed once; add one for each that is found. */
export const BEHAVIOUR_MUTATIONS: BehaviourMutation[] = [
	{
		behaviour: 'The trigger downloads the files of what has succeeded only',
		file: 'nodes/ReplicateTrigger/receive.ts',
		search: "body.status === 'succeeded' && !training",
		replace: '!training',
		test: engine('trigger', 'leaves the files of a prediction where they are that is %s'),
	},
	{
		behaviour: 'An example is for executions that were started by hand',
		file: 'nodes/host/nodeRun.ts',
		search: "return this.context.getMode() === 'manual';",
		replace: "return this.context.getMode() !== 'trigger';",
		test: engine('manualRuns', 'creates in an execution of the mode %s: %i'),
	},
	{
		behaviour: 'A run with an example keeps the limits of one without',
		file: 'nodes/jobs/runItem.ts',
		search: 'jobs.assertWithinLimits(item, settings);',
		replace: '',
		test: engine('manualRuns', 'refuses %s as a run would'),
	},
	{
		behaviour: 'The files of an example have other names in each item',
		file: 'nodes/jobs/output/exampleItems.ts',
		search: 'index === 0 ? id',
		replace: 'index >= 0 ? id',
		test: engine(
			'manualRuns',
			'gives the example with its files, says so in item and node, and creates nothing',
		),
	},
	{
		behaviour: 'An example whose output was removed is none',
		file: 'nodes/shared/models/models.ts',
		search: "example?.status === 'succeeded' && !example.data_removed",
		replace: "example?.status === 'succeeded'",
		test: engine('manualRuns', 'says it where the model %s, and creates nothing'),
	},
	{
		behaviour: 'Each trigger remembers its own calls',
		file: 'nodes/ReplicateTrigger/receive.ts',
		search: '`${context.getNode().id} ${id}`',
		replace: 'id',
		test: engine('trigger', 'starts each of two workflows by a call that reaches both'),
	},
	{
		behaviour: 'A token that may not read the secret shows when the workflow is switched on',
		file: 'nodes/ReplicateTrigger/checkSecret.ts',
		search: 'new Set([401, 403])',
		replace: 'new Set([401])',
		test: engine('trigger', 'says so of a token that may not read the secret'),
	},
	{
		behaviour: 'A download is resumed only if the file is the same one',
		file: 'nodes/shared/outputs/chunks.ts',
		search: ", 'if-range': etag",
		replace: '',
		test: engine('downloads', 'are begun again, and not put together of two files'),
	},
	{
		behaviour: 'A model is read again after a 429',
		file: 'nodes/shared/models/models.ts',
		search: 'status === 429 || status >= 500',
		replace: 'status >= 500',
		test: unit('models/models', 'are read again for the next item after %s'),
	},
	{
		behaviour: 'An upload is not begun that is too large',
		file: 'nodes/Replicate/actions/file/upload.operation.ts',
		search: "routeFiles([found.file], { fileRouting: 'upload', dataUriMaxBytes: 0 });",
		replace: '',
		test: engine('resources', 'files: a file of more than 100 MiB is refused'),
	},
	{
		behaviour: 'Stop texts reach the model without LangChain as well',
		file: 'nodes/ReplicateChatModel/chatModel.ts',
		search: 'config?.stop ?? config?.stopSequences',
		replace: 'config?.stop',
		test: engine('chatModel', 'passes the stop texts on of those who call it without LangChain'),
	},
	{
		behaviour: 'A tool must be called where it is required',
		file: 'nodes/ReplicateChatModel/adapter.ts',
		search: "choice === 'any' || choice === 'required'",
		replace: "choice === 'any'",
		test: engine('chatModel', 'must be called where the agent says so: %s'),
	},
	{
		behaviour: 'The model sees the answer that it is to write again',
		file: 'nodes/ReplicateChatModel/chat.ts',
		search: "{ role: 'assistant', text: first.text, images: [], calls: [] },",
		replace: '',
		test: engine('chatModel', 'by prompt are asked for once more where a call cannot be made'),
	},
	{
		behaviour: 'A file of the combined binary mode counts once',
		file: 'nodes/host/itemFiles.ts',
		search: '.filter((name) => !name.startsWith(COMBINED))',
		replace: '',
		test: engine('host', 'takes an item’s only file for the only input that needs one'),
	},
	{
		behaviour: 'No fallback is run after a stop',
		file: 'nodes/jobs/ledger/fallback.ts',
		search: 'isLast || item.signal.aborted || !isOutOfService(error)',
		replace: 'isLast || !isOutOfService(error)',
		test: unit('jobs/fallback', 'is not run after a stop, although the model is out of service'),
	},
	{
		behaviour: 'A model is once in the picker',
		file: 'nodes/Replicate/panel/listSearch.ts',
		search: 'known.delete(name);',
		replace: '',
		test: engine('editor', 'has a model once that was run lately and is in the list as well'),
	},
	...[
		"coverImageUrl: 'cover_image_url'",
		"description: 'description'",
		"githubUrl: 'github_url'",
		"licenseUrl: 'license_url'",
		"paperUrl: 'paper_url'",
		"readme: 'readme'",
		"weightsUrl: 'weights_url'",
	].map((search) => ({
		behaviour: `What a model’s page shows is sent: ${search}`,
		file: 'nodes/Replicate/actions/model/page.ts',
		search,
		replace: `un${search}`,
		test: engine('resources', 'own models: what a page shows is sent by the API’s names'),
	})),
	{
		behaviour: 'A run lets go of the execution’s signal',
		file: 'nodes/Replicate/actions/dispatch.ts',
		search: 'stop.release();',
		replace: '',
		test: engine('host', 'keeps no hold of an execution after its run'),
	},
	{
		behaviour: 'A prediction is waited for no longer than Replicate lets one run',
		file: 'nodes/fields/waiting.ts',
		search: 'max: 86_400',
		replace: 'max: 864_000',
		test: engine('host', 'waits for a prediction no longer than Replicate lets one run'),
	},
	{
		behaviour: 'The bounds of a number are part of the contract',
		file: 'nodes/fields/waiting.ts',
		search: '{ min: 1, max: 100 }',
		replace: '{ min: 1, max: 50 }',
		test: contract('contract', 'is the stored one'),
	},
	{
		behaviour: 'A tool is known by its type in an older n8n',
		file: 'nodes/host/nodeRun.ts',
		search: "?? this.node.type.endsWith('Tool')",
		replace: '?? false',
		test: engine('host', 'knows by its type that it is a tool'),
	},
	{
		behaviour: 'Two 404s after a create are waited out',
		file: 'nodes/shared/predictions/wait.ts',
		search: 'TOLERATED_404 = 2',
		replace: 'TOLERATED_404 = 1',
		test: unit('predictions/wait', 'waits two 404s in a row out, and no third'),
	},
];
