import type { INodeProperties } from 'n8n-workflow';
import type { ParameterSource, Shown } from '../../fields/field';
import { ParameterError } from '../../fields/parameterError';
import {
	simplify,
	binaryField,
	downloadFiles,
	readMaxFileBytes,
	outputFileName,
	outputHosts,
	outputItems,
	publicLinkHours,
} from '../../fields/output';
import { prices } from '../../fields/prices';
import type { Price } from '../../shared/predictions/cost';
import { parseOutputHosts } from '../../shared/outputs/hosts';

/** How a prediction becomes an item: plain JSON, so that it outlives a suspension. */
export interface OutputSettings {
	downloadFiles: boolean;
	binaryField: string;
	fileName?: string;
	simplify: boolean;
	outputItems: 'perPrediction' | 'perFile';
	/** Bytes. */
	maxFileBytes?: number;
	outputHosts: string[];
	/** How long n8n's public address of each file is valid, in hours; none where it is not wanted. */
	publicLinkHours?: number;
	/** What the model costs; `undefined` where the builder gives no prices. */
	prices?: Price[];
	/** The item's time limit, in s, which also says how patient its downloads are. */
	timeoutSeconds?: number;
}

/**
 * The fields that say how a prediction becomes an item.
 *
 * @param show       where the fields are shown
 * @param whenOutput where those about output files are shown
 */
export function outputProperties(show: Shown, whenOutput: Shown = show): INodeProperties[] {
	return [
		downloadFiles.at(whenOutput),
		binaryField.at({ ...whenOutput, downloadFiles: [true] }),
		simplify.at(show),
	];
}

/** How a prediction becomes an item whose end nobody has waited for. */
export function withoutResult(output: OutputSettings): OutputSettings {
	return { ...output, downloadFiles: false, outputItems: 'perPrediction' };
}

/** @throws InputError for a host or a size that cannot be one, or a link to what is not downloaded */
export function readOutputSettings(from: ParameterSource): OutputSettings {
	const downloads = downloadFiles.read(from);
	const priced = prices.read(from);
	const linkHours = publicLinkHours.read(from);
	if (linkHours !== undefined && !downloads) {
		throw new ParameterError(
			`${publicLinkHours.label} needs ${downloadFiles.label}: a link is to the file that n8n keeps`,
		);
	}
	return {
		downloadFiles: downloads,
		publicLinkHours: linkHours,
		binaryField: binaryField.read(from),
		fileName: outputFileName.read(from) || undefined,
		simplify: simplify.read(from),
		outputItems: outputItems.read(from),
		maxFileBytes: readMaxFileBytes(from),
		outputHosts: parseOutputHosts(outputHosts.read(from)),
		...(priced.length > 0 ? { prices: priced } : {}),
	};
}
