import { idField } from '../../../fields/idField';

/** A stored file: its ID, also out of its address. */
export const fileId = idField({
	name: 'fileId',
	noun: 'file',
	returnedBy: 'Upload a File',
	listMethod: 'searchFiles',
	exampleId: 'cneqzikepnug6xezperrr4z55o',
	exampleUrl: 'https://api.replicate.com/v1/files/cneqzikepnug6xezperrr4z55o',
	idIn: (text) => text.replace(/^https?:\/\/\S*\/files\//, ''),
	characters: /^[\w=-]+$/,
});
