/** What a model's error text is known to mean. */
export type FailureCode =
	| 'safetyCheck'
	| 'vendorNoCredit'
	| 'vendorKeyRefused'
	| 'vendorThrottled'
	| 'vendorUnavailable'
	| 'outOfMemory'
	| 'startTimedOut'
	| 'healthCheckFailed'
	| 'stoppedWhileRunning'
	| 'notStarted'
	| 'outputNotStored'
	| 'interrupted'
	| 'modelTimedOut'
	| 'unknownToReplicate';

/** What a value that is no file looks like. */
export type Likeness = 'base64' | 'expression' | 'object' | 'path' | 'webAddress';

/** What a response with an error status said. */
interface ResponseFacts {
	status: number;
	/** The server's own text, on one line. */
	said?: string;
	/** Whether a gateway or a proxy said it, and not Replicate's API. */
	isGateways?: boolean;
	/** Whether the text names what is wrong with a value. */
	namesValue?: boolean;
	/** Whether the request held files. */
	hasFiles?: boolean;
}

/** The prediction or training that an error is about. */
interface JobFacts {
	noun: 'prediction' | 'training';
	id: string;
}

/** What a value must be, where it is something else. */
export type Expected =
	| { type: 'text' | 'boolean' | 'object' | 'json' | 'list' }
	/** `range` in words, such as "1 to 50". */
	| { type: 'number'; range?: string }
	/** `near` is the choice that the value is most like. */
	| { type: 'choice'; near?: string };

/**
 * Every error of this package by its code, with its facts: plain JSON, without any words of the panel.
 * What an error advises is looked up by its code, in the room that knows the screen.
 */
interface FactsByCode {
	/** Something else than a response came, or nothing. `reason` is the system's or our own code. */
	noResponse: { origin: string; reason: string };
	badRequest: ResponseFacts;
	tokenRefused: ResponseFacts;
	noCredit: ResponseFacts;
	forbidden: ResponseFacts;
	notFound: ResponseFacts;
	requestTooLarge: ResponseFacts;
	invalidRequest: ResponseFacts;
	throttled: ResponseFacts;
	/** A gateway's limit of what may be spent, until its window ends. */
	spendLimited: ResponseFacts;
	unavailable: ResponseFacts;
	/** Any other status. */
	refused: ResponseFacts;
	stopped: object;

	tokenMissing: object;
	tokenMalformed: object;
	baseUrlMalformed: { baseUrl: string };
	baseUrlWithoutTls: object;
	baseUrlNotTheApi: object;
	/** By n8n's egress filter; the reason is in its words. */
	baseUrlBlocked: { reason: string };
	gatewayHeaderName: object;
	gatewayHeaderReserved: object;
	gatewayHeaderValue: object;

	/** `page` is what the address that was given is about. */
	notAModel: { given: string; page?: string };
	notAVersion: { version: string; model: string };
	versionTwice: object;
	/** `isBeside`: it was chosen beside the model, not written behind its name. */
	versionOfAnotherModel: { model: string; version: string; isBeside: boolean };
	/** Official models run by name only; `isBeside` as above. */
	versionOfOfficial: { model: string; isBeside: boolean };
	modelWithoutVersion: { model: string };
	notADeployment: { given: string };
	deploymentWithoutRelease: { deployment: string };

	/** `broken` are binary fields that hold something else than n8n's binary data. */
	inputMissing: { inputs: string[]; isFile: boolean; binaryFields: string[]; broken?: string[] };
	inputInvalid: { expected: Expected };
	inputNotJson: object;
	/** Inputs as an API page shows them, inside "input"; `inputs` are the model's own. */
	inputInsideInput: { inputs: string[] };
	inputTooDeep: object;

	fileGone: { file: string };
	fileWithoutBytes: { file: string };
	fileNotStored: object;
	fileUnreadable: { file: string; reason: string };
	/** `likeness` is what the value looks like that is no file. */
	fileNotGiven: { binaryFields: string[]; broken?: string[]; likeness?: Likeness };
	/** A binary field that holds something else than n8n's binary data. */
	fileFieldBroken: { binaryFields: string[] };
	fileNotBase64: { file: string };
	/** Only inside a private network, or on this machine. */
	fileAddressPrivate: { origin: string; binaryFields: string[] };
	/** Of a scheme that nobody but its own app can read, such as `blob`. */
	fileAddressUnfetchable: { scheme: string; binaryFields: string[] };
	fileInputIncomplete: { input?: string; files?: string };
	fileInputUnknown: { input: string; fileInputs: string[] };
	/** `max` where the model takes a list. */
	filesTooMany: { input: string; count: number; max?: number };
	fileTooLarge: { file: string; bytes: number };
	uploadTimedOut: { file: string };
	inlineTooLarge: { bytes: number; limit: number };
	publicUrlMissing: { file: string };
	publicUrlPrivate: { file: string; origin: string };
	publicLinkTooOld: object;
	publicLinkInMemory: object;
	publicLinkPrivate: { origin: string };

	outputHostMalformed: { host: string };
	/** `isNotStored` means that the file came, and n8n could not keep it. */
	/** `reason` follows after "but". */
	downloadFailed: { id: string; url: string; isNotStored: boolean; reason: string };
	/** The model has no example whose output could stand for a result. */
	exampleMissing: { model: string };
	/** The example's files cannot be fetched. */
	exampleUnavailable: { model: string };

	/** `said` is what the last refusal for speed said. */
	createTimedOut: { said?: string };
	/** The create's response was lost; `ids` are those that it may have made. */
	createUnknown: { noun: JobFacts['noun']; ids: string[] };
	/** `mayBeFileUrl` means that the model may be unable to read uploaded files. */
	runFailed: JobFacts & { failure?: FailureCode; mayBeFileUrl: boolean; lastLogLine?: string };
	runCancelled: JobFacts & { reason?: string };
	runAborted: JobFacts & { reason?: string };
	/** It succeeded, and Replicate has removed its output since. */
	dataRemoved: JobFacts & { completedAt?: string };
	runStatusUnknown: JobFacts;
	runUnreadable: JobFacts;
	/** Its response has more bytes than are read. */
	runTooLarge: JobFacts;
	/** `progress` in words, as far as its log says. */
	timeUpLeftRunning: JobFacts & { progress?: string };
	timeUpCancelled: JobFacts & { progress?: string };
	timeUpCancelUnconfirmed: JobFacts & { progress?: string };

	webhookUrlUnreachable: { url: string };
	callbackUrlUnreachable: { origin: string };
	webhookUnchecked: object;

	/** A conversation without any text. */
	messagesEmpty: object;
	/** A file in a message that is not an image, or a broken one; `type` is its media type. */
	messageFileUnsupported: { type: string };
	/** It takes no text, needs more than text, or gives no text; the message says which. */
	notALanguageModel: { model: string };
	imagesUnsupported: { model: string };
	/** The model has no input for tools, and they are not offered in its prompt. */
	toolsUnsupported: { model: string };
	/** A call that stayed invalid after the model was asked again. */
	toolCallInvalid: { model: string; reason: string };

	/** `count` entries of a list were read, and there are more. */
	listCutOff: { count: number };

	/** A parameter that cannot be followed; the room that reads it brings the words. */
	parameter: { advice?: string };
}

export type ErrorCode = keyof FactsByCode;

/** What is known of an error: its code, and the facts of that code. */
export type ErrorFacts<C extends ErrorCode = ErrorCode> = {
	[K in C]: { code: K } & FactsByCode[K];
}[C];
