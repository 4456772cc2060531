import { ReplicateError } from '../shared/api/errors';
import type { ErrorCode, ErrorFacts } from '../shared/api/errorFacts';
import type { JsonObject } from '../shared/api/json';
import {
	FAILURE_ADVICE,
	BINARY_DATA,
	carried,
	getOf,
	howToConnect,
	howToWaitLonger,
	howToWrite,
	LIKENESS_ADVICE,
	PAGE_ADVICE,
	named,
	quoting,
	quotingEither,
	sentences,
	titled,
	UNREADABLE_FILE,
	whoEndedIt,
} from './advicePhrases';
import { manualRuns } from './manualRuns';
import { waitFor } from './waiting';

/** What a builder reads of an error. */
export interface ErrorWords {
	/** What happened, in one sentence. */
	message: string;
	/** What to do about it. */
	description?: string;
	/** What else is known, such as the prediction's id. */
	details?: JsonObject;
}

/** What to do about an error, in the words of the panel; empty where there is nothing to say. */
export function advice(error: unknown): string {
	return tableWords(error).advice ?? '';
}

/** An error in the words that a builder reads, whatever it is. */
export function wordsOf(error: unknown): ErrorWords {
	const { message = messageOf(error), advice: description } = tableWords(error);
	const details = error instanceof ReplicateError ? error.details : {};
	return {
		message,
		...(description ? { description } : {}),
		...(Object.keys(details).length > 0 ? { details } : {}),
	};
}

function tableWords(error: unknown): Words {
	return error instanceof ReplicateError ? wordsFor(error.facts) : {};
}

function wordsFor<C extends ErrorCode>(facts: ErrorFacts<C>): Words {
	const entry = ADVICE[facts.code];
	const words = typeof entry === 'string' ? entry : entry(facts);
	return typeof words === 'string' ? { advice: words } : words;
}

function messageOf(error: unknown): string {
	const { message } = (error ?? {}) as { message?: unknown };
	return typeof message === 'string' ? message : 'Something went wrong';
}

/** The words for an error, where its own message does not do. */
interface Words {
	/** Replaces the error's own message, which cannot name the panel. */
	message?: string;
	advice?: string;
}

type WordsFor<C extends ErrorCode> = string | ((facts: ErrorFacts<C>) => string | Words);

const TOKEN = 'Tokens are listed at replicate.com/account/api-tokens and start with r8_.';
const CHECK_STORE = 'Check the disk space, or the object store, that n8n keeps its binary data in.';
const NOTHING_PAID = `Nothing was created or paid. Set ${manualRuns.label} to ${manualRuns.nameOf('run')}, or pin data of your own to this node.`;
const NOT_PAID_TWICE = 'It was not sent again, so nothing is paid for twice.';

/** What each error advises: a text, or made of its facts; empty where there is nothing to add. */
const ADVICE: { [C in ErrorCode]: WordsFor<C> } = {
	noResponse: ({ reason }) => howToConnect(reason),
	badRequest: (facts) =>
		quoting(
			facts.hasFiles
				? 'A very large data URI causes this: set Options → Send Files As to Upload.'
				: '',
		)(facts),
	tokenRefused: quotingEither(
		`Open the Replicate credential and paste a valid token. ${TOKEN}`,
		`Open the Replicate credential: check its Gateway Headers, and the API token. ${TOKEN}`,
	),
	noCredit: quotingEither(
		'Add credit at replicate.com/account/billing, wait a few minutes, then run the workflow again.',
		'Check the billing and the limits of the gateway that the credential’s base URL leads to, and the credit at replicate.com/account/billing.',
	),
	forbidden: quoting(
		'The token has no access to this, or a firewall blocked the request. Check which account the token belongs to.',
	),
	notFound: quoting(
		'Check the name or ID. Replicate hides private models and predictions of other accounts.',
	),
	requestTooLarge: (facts) =>
		quoting(
			facts.hasFiles
				? 'Put the file where Replicate can fetch it and pass its https URL instead.'
				: 'Make the input smaller. If it has a file, put that where Replicate can fetch it and pass its https URL instead.',
		)(facts),
	// Its message has what Replicate says.
	invalidRequest: ({ namesValue }) =>
		namesValue
			? 'Correct the named value and run the workflow again.'
			: 'Compare the inputs with the API page of the model, then run the workflow again.',
	throttled: quotingEither(
		'Lower Options → Concurrency. Accounts with little credit may create only 6 predictions a minute.',
		'Lower Options → Concurrency, or raise the rate limit of the gateway that the credential’s base URL leads to.',
	),
	spendLimited: quoting(
		'Nothing was created for this item. Raise the limit in the gateway that the credential’s base URL leads to, or wait until its time window is over.',
	),
	unavailable: quoting('Try again in a few minutes; status: replicatestatus.com.'),
	refused: quoting(''),
	stopped: '',

	tokenMissing: TOKEN,
	tokenMalformed: TOKEN,
	baseUrlMalformed: 'Use https://api.replicate.com/v1 unless your company runs its own gateway.',
	baseUrlNotTheApi: 'Use https://api.replicate.com/v1.',
	baseUrlBlocked: ({ reason }) =>
		`${reason}. Whoever runs n8n can allow it in N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES.`,
	gatewayHeaderName: 'Use letters, digits and hyphens only, for example cf-aig-authorization.',
	gatewayHeaderReserved: 'The node sets it itself. Put the API token into API Token.',
	gatewayHeaderValue: 'Copy it again from your gateway.',
	baseUrlWithoutTls: 'Without TLS, anyone on the network could read the API token.',

	notAModel: ({ page }) =>
		sentences(
			page !== undefined && Object.hasOwn(PAGE_ADVICE, page) && PAGE_ADVICE[page],
			'Write owner/name (for example black-forest-labs/flux-schnell), owner/name:version, a 64-digit version ID, or the address of the model’s page.',
		),
	notAVersion: 'A version ID has 64 hexadecimal digits. Leave it out to run the latest version.',
	versionTwice: () => ({
		message: 'The model names one version, and Options → Version another',
		advice: 'Remove the version from one of the two.',
	}),
	versionOfAnotherModel: ({ isBeside }) =>
		isBeside
			? 'Set Options → Version to Latest.'
			: 'Remove the version after the colon to run the latest, or correct it.',
	versionOfOfficial: ({ isBeside }) =>
		isBeside
			? 'Set Options → Version to Latest.'
			: 'Remove the version: Replicate keeps official models up to date, and runs them by name.',
	modelWithoutVersion: 'Push a version with Cog or choose another model.',
	notADeployment: 'Write owner/name, as replicate.com/deployments lists it.',
	deploymentWithoutRelease: 'Give it a model and a version on replicate.com/deployments.',

	inputMissing: ({ inputs, isFile, binaryFields, broken }) =>
		isFile
			? `Give "${inputs[0]}" the name of a binary field, or a URL that starts with https://. ${carried(binaryFields, 'The item’s', broken)}`
			: `Fill ${inputs.length === 1 ? 'it' : 'them'} in, or check that the expression gives a value for this item.`,
	inputInvalid: ({ expected }) => howToWrite(expected),
	inputNotJson:
		'Write it like { "prompt": "a red fox" }. Inside quotes, use {{ JSON.stringify($json.text) }} for text with line breaks or quotes.',
	inputInsideInput: ({ inputs }) =>
		`Write the model’s inputs themselves, without "input" around them. Its inputs: ${inputs.join(', ')}.`,
	inputTooDeep:
		'Pass on only the part of the data that the model needs, or pass it on as text, with {{ JSON.stringify(…) }}.',

	fileGone:
		'It may have been removed with its execution, or the JSON of the item only looks like a file.',
	fileWithoutBytes:
		'An expression such as {{ $binary.data }} leaves the bytes out when n8n keeps files in memory. Write the binary field’s name instead, for example: data',
	fileNotStored: CHECK_STORE,
	fileUnreadable: ({ reason }) => `It may have been removed, or the disk is failing: ${reason}`,
	fileNotGiven: ({ binaryFields, broken, likeness }) =>
		sentences(
			likeness && LIKENESS_ADVICE[likeness],
			carried(binaryFields, "The item's", broken),
			binaryFields.length > 0
				? 'A URL that starts with https:// works as well.'
				: 'Check that the node before this one outputs binary data, or give a URL that starts with https://.',
		),
	fileFieldBroken: ({ binaryFields }) =>
		sentences(BINARY_DATA, binaryFields.length > 0 && carried(binaryFields, 'The item’s')),
	fileNotBase64:
		'It may be a text, or cut off. Check the node that makes it: it must be the whole file in base64.',
	fileAddressPrivate: ({ binaryFields }) =>
		sentences(
			'Load the file with a node that can reach it, such as HTTP Request, and give the name of the binary field.',
			carried(binaryFields, 'The item’s'),
		),
	fileAddressUnfetchable: ({ binaryFields }) =>
		sentences(
			'Only the app or the machine that made it can read it. Load the file with a node, such as Read/Write Files from Disk, and give the name of the binary field.',
			carried(binaryFields, 'The item’s'),
		),
	fileInputIncomplete: ({ input, files = '' }) => ({
		message:
			input === undefined
				? `File Inputs: the row for the binary field ${files} names no input`
				: `File Inputs: the row for "${input}" names no binary field`,
		advice: 'Fill in both columns of the row, or remove it.',
	}),
	fileInputUnknown: ({ input, fileInputs }) => ({
		message: `File Inputs: the model has no input "${input}"`,
		advice:
			fileInputs.length > 0 ? `Its file inputs: ${fileInputs.join(', ')}.` : 'It takes no files.',
	}),
	filesTooMany: ({ max }) =>
		`${max === undefined ? 'Name one binary field' : 'Give fewer files'}, or split the files into several items.`,
	fileTooLarge:
		'Put the file where Replicate can fetch it (for example S3 or Google Cloud Storage) and give this input the file’s https URL. If Replicate can reach your n8n, Options → Send Files As → Public URL works as well.',
	uploadTimedOut:
		'Nothing was created for this item. Raise Options → Timeout, or put the file where Replicate can fetch it and pass its https URL instead.',
	inlineTooLarge: 'Set Options → Send Files As to Automatic or Upload.',
	publicUrlMissing:
		'Set N8N_DEFAULT_BINARY_DATA_MODE to filesystem, or set Options → Send Files As to Automatic.',
	publicUrlPrivate:
		'Set N8N_EDITOR_BASE_URL to the public https address of n8n, or set Options → Send Files As to Automatic.',
	publicLinkTooOld:
		'Update n8n, or remove Options → Public Link. Nothing was created for this item.',
	publicLinkInMemory:
		'Set N8N_DEFAULT_BINARY_DATA_MODE to filesystem, or remove Options → Public Link. Nothing was created for this item.',
	publicLinkPrivate:
		'Set N8N_EDITOR_BASE_URL to the public https address of n8n, or remove Options → Public Link. Nothing was created for this item.',

	outputHostMalformed: ({ host }) => ({
		message: `Options → Output Hosts: "${host}" is not a host name`,
		advice:
			'Write host names, separated by commas, without https:// and without a path, for example: cdn.example.com, *.example.org',
	}),
	downloadFailed: ({ id, url, isNotStored }) =>
		`${isNotStored ? `${CHECK_STORE} ` : ''}The run is paid for, and nothing is lost: within an hour of its end, get it again with Prediction → Get and the ID ${id}, or open ${url}. Do not run this item again.`,

	exampleMissing: NOTHING_PAID,
	exampleUnavailable: NOTHING_PAID,

	createTimedOut: quoting(
		'It was not created. Raise Options → Timeout, lower the number of items, or add credit to the account.',
	),
	createUnknown: ({ noun, ids }) =>
		ids.length > 0
			? `${NOT_PAID_TWICE} If it was created, it is one of these; read them with ${getOf(noun)}: ${named(ids)}.`
			: `${NOT_PAID_TWICE} Look at replicate.com/predictions; if it is not there, run this item again.`,
	runFailed: ({ noun, id, failure, mayBeFileUrl, lastLogLine }) =>
		sentences(
			failure ? FAILURE_ADVICE[failure] : mayBeFileUrl && UNREADABLE_FILE,
			`${titled(noun)} ${id}.`,
			lastLogLine && `Last line of its log: ${lastLogLine}`,
			`The whole log is on its page at replicate.com/p/${id}.`,
		),
	runCancelled: whoEndedIt,
	runAborted: whoEndedIt,
	dataRemoved: ({ noun, id, completedAt }) =>
		sentences(
			`${titled(noun)} ${id}${completedAt ? `, finished at ${completedAt}` : ''}.`,
			'Replicate removes outputs an hour after the end, so collect results within the hour. To get a new one, run the item again; it is billed again.',
		),
	runStatusUnknown: ({ id }) => `Look at replicate.com/p/${id} to see what happened.`,
	runUnreadable: ({ noun, id }) =>
		`Nothing is lost: get ${noun} ${id} with ${getOf(noun)} within an hour of its end. Do not run this item again, or you pay for it twice.`,
	runTooLarge: ({ noun, id }) =>
		`Open replicate.com/p/${id} to see the ${noun}. Do not run this item again, or you pay for it twice. Choose a model that returns files instead of so much JSON.`,
	timeUpLeftRunning: ({ noun, id, progress }) =>
		sentences(
			`Get its result later: ${getOf(noun)} with the ID ${id}. To wait longer, raise Options → Timeout.`,
			progress && `So far: ${progress}.`,
		),
	timeUpCancelled: howToWaitLonger,
	timeUpCancelUnconfirmed: howToWaitLonger,

	webhookUrlUnreachable: ({ url }) => ({
		message: `Options → Webhook URL must be a public address that starts with https://, and is "${url}"`,
		advice: 'Use the production URL of a Replicate Trigger or a Webhook node.',
	}),
	callbackUrlUnreachable: ({ origin }) => ({
		message: `Replicate cannot call this n8n back at ${origin}: set the environment variable WEBHOOK_URL to its public https address, or set ${waitFor.label} to ${waitFor.nameOf('result')}`,
	}),
	// Whoever reads it may be a stranger.
	webhookUnchecked: '',

	messagesEmpty: 'Check that the expression of the chain’s or agent’s prompt gives a text.',
	messageFileUnsupported:
		'The model has no input for it. Choose one that takes such files, switch them off in the node that sends them, or send their text.',
	notALanguageModel:
		'Choose a model that takes a prompt and gives text (for example meta/meta-llama-3-8b-instruct). To run this one, use the Replicate node.',
	imagesUnsupported:
		'Choose a model with an image input, or switch off the images of the node that sends them.',
	toolsUnsupported:
		'Choose a model that supports tools (for example openai/gpt-5-structured), or set Options → If the Model Takes No Tools to Describe Them in the Prompt (Experimental).',
	toolCallInvalid:
		'The call was not made. Choose a model that follows instructions better, give the agent fewer tools with simpler inputs, or choose a model that supports tools (for example openai/gpt-5-structured).',

	listCutOff: ({ count }) =>
		count > 0
			? `A gateway may break the links of lists. To get these, switch off Return All and set Limit to ${count}.`
			: 'A gateway may break the links of lists.',

	parameter: ({ advice = '' }) => advice,
};
