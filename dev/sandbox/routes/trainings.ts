import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { versionOf, type SandboxModel } from '../models/model';
import { pageOf } from '../pages';
import { notFound, Problem } from '../problems';
import type { SandboxPrediction } from '../run';
import { validWebhook } from '../bodyValidation';
import { validInput } from '../inputValidation';
import { ownerOf, type Api } from './api';
import { findModel } from './models';
import { cancelled } from './predictions';

/** Trainings on a page (Replicate docs). */
const PAGE_SIZE = 100;

/** Trainings: create, get, list and cancel. */
export function trainingRoutes(server: FastifyInstance, api: Api): void {
	server.post<{ Params: { owner: string; name: string; id: string }; Body: NewTraining }>(
		'/v1/models/:owner/:name/versions/:id/trainings',
		async (request, reply) => {
			const account = ownerOf(api, request);
			api.createLimit.take();
			const model = findModel(api, request.params);
			if (model.official || versionOf(model) !== request.params.id) throw notFound();
			const { input, destination } = request.body;
			assertDestination(api, account, destination);
			const trained = trainingOf(model, destination);
			const training = api.trainings.create({
				owner: account,
				model: trained,
				input,
				effective: validInput(trained, input),
				destination,
				webhook: validWebhook(request.body as unknown as Record<string, unknown>),
			});
			return await reply.code(201).send(createdJson(api, training));
		},
	);

	server.get<{ Params: { id: string } }>('/v1/trainings/:id', async (request) => {
		const training = api.trainings.visible(request.params.id, ownerOf(api, request));
		if (!training) throw notFound();
		return api.trainings.toJson(training, api.baseUrl);
	});

	server.post<{ Params: { id: string } }>('/v1/trainings/:id/cancel', async (request) => {
		const training = api.trainings.get(request.params.id, ownerOf(api, request));
		if (!training) throw notFound();
		return cancelled(api, api.trainings, training);
	});

	server.get<{ Querystring: Record<string, string | undefined> }>(
		'/v1/trainings',
		async (request) => {
			const account = ownerOf(api, request);
			const own = api.trainings.list(account);
			const page = pageOf(own, PAGE_SIZE, `${api.baseUrl}/trainings`, request.query);
			const results = page.results.map((one) => api.trainings.toListed(one, api.baseUrl));
			return { ...page, results };
		},
	);
}

/** In the response to a create, a training's links are those of a prediction (docs, recording). */
function createdJson(api: Api, training: SandboxPrediction): object {
	const json = api.trainings.toJson(training, api.baseUrl);
	const get = `${api.baseUrl}/predictions/${training.id}`;
	return { ...json, urls: { ...(json.urls as object), get, cancel: `${get}/cancel` } };
}

interface NewTraining {
	destination: string;
	input: Record<string, unknown>;
}

/** @throws Problem 404 unless it is a model of the account (recording of the real API) */
function assertDestination(api: Api, account: string, destination: string): void {
	const [owner, name] = String(destination).split('/');
	if (owner === account && name && api.catalogue.find(owner, name)) return;
	throw notFound('The specified training destination does not exist');
}

/** The training as something that runs: it reads its images and gives a version with weights. */
function trainingOf(model: SandboxModel, destination: string): SandboxModel {
	const { TrainingInput } = model.schemas;
	if (!TrainingInput) {
		throw new Problem(400, { detail: 'This version is not trainable', status: 400 });
	}
	return {
		...model,
		schemas: { ...model.schemas, Input: TrainingInput },
		async run({ input, fetchFile, deliver, log, signal }) {
			const images = await fetchFile(String(input.input_images));
			for (let step = 1; step <= 10; step++) {
				await sleep(Number(input.steps) * 10, undefined, { signal });
				log(`${step * 10}%|${'#'.repeat(step).padEnd(10)}| ${step}/10`);
			}
			const version = createHash('sha256').update(`${destination} ${images.size}`).digest('hex');
			const weights = await deliver(Buffer.from('weights'), 'trained_model.tar');
			return { version: `${destination}:${version}`, weights };
		},
	};
}
