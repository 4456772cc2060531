import type { IBuilderHint } from 'n8n-workflow';

const RUN = `<patterns>
<pattern title="Picture from text">
parameters: {
  resource: 'prediction',
  operation: 'run',
  model: { __rl: true, mode: 'name', value: 'black-forest-labs/flux-schnell' },
  inputJson: expr('{{ { prompt: $json.prompt } }}'),
}
// The picture is in the binary field "data" of the output item; its URL is $json.files[0].url (for one hour).
</pattern>
<pattern title="A file of the item goes in">
parameters: {
  resource: 'prediction',
  operation: 'run',
  model: { __rl: true, mode: 'name', value: 'philz1337x/clarity-upscaler' },
  inputJson: '{ "image": "data" }', // the NAME of the incoming item's binary field
}
</pattern>
<pattern title="Text from a language model">
parameters: {
  resource: 'prediction',
  operation: 'run',
  model: { __rl: true, mode: 'name', value: 'openai/gpt-4o-mini' },
  inputJson: expr('{{ { prompt: "Summarize: " + $json.text } }}'),
}
// The text is $json.text of the output item.
</pattern>
<pattern title="A tool of an agent: the agent writes the prompt">
tool({
  type: '<this node>Tool',
  config: {
    parameters: {
      resource: 'prediction',
      operation: 'run',
      model: { __rl: true, mode: 'name', value: 'black-forest-labs/flux-schnell' },
      inputJson: expr("{{ { prompt: $fromAI('prompt', 'What to draw', 'string') } }}"),
    },
  },
})
// The agent gets JSON with text and URLs.
</pattern>
</patterns>`;

/** What n8n's Assistant reads when it looks for a node, and when it fills this one in. */
export const builderHint: IBuilderHint = {
	searchHint:
		'Runs any AI model on Replicate: pictures, video, music, speech, transcription, captions, OCR, upscaling, background removal, language models. Use resource "prediction", operation "run", for all of these: choose a model, and write its inputs into inputJson. Each item is one prediction. For AI chains and agents that need a chat model, use the Replicate Chat Model instead.',
	extraTypeDefContent: [
		{
			displayOptions: { show: { resource: ['prediction'], operation: ['run'] } },
			content: RUN,
		},
	],
};
