import { bareNode } from './bareNode';
import type { Contestant, Service } from './contestant';
import { curl } from './curl';
import { httpRecipe, pollingNode } from './httpRequests';
import { cloudEdition, node } from './node';
import { official, officialDataUri } from './official';
import { passingOn } from './passingOn';
import { undiciLoop } from './undiciLoop';

/** Everyone who takes part, by the names in the results. */
export const contestants: Record<string, (service: Service) => Promise<Contestant>> = {
	node,
	cloudEdition,
	bareNode,
	passingOn,
	official,
	officialDataUri,
	undiciLoop,
	curl,
	httpRecipe,
	pollingNode,
};
