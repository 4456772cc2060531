/** What a create runs. */
export interface RunTarget {
	/** `owner/name` of an official model, or a version id; what a deployment runs. */
	version: string;
	/** `owner/name` of the deployment to run it on. */
	deployment?: string;
	/** What a training makes of it: the model that is trained, and where the result goes. */
	training?: { model: string; destination: string };
}
