import type { text as zh } from './zh-CN.ts';

export const text: typeof zh = {
	title: 'Imaging worklist · Tongping',
	heading: 'Imaging',
	counts: { waiting: 'To report', preliminary: 'Preliminary', unmatched: 'Unmatched', all: 'All' },
	search: 'Name, number, study',
	columns: { priority: 'Priority', patient: 'Patient', exam: 'Study', taken: 'Taken', pictures: 'Images', state: 'State', due: 'Due', reading: 'Reading now' },
	priority: { emergency: 'E', routine: 'R' },
	priorityWords: { emergency: 'Emergency', routine: 'Routine' },
	states: { draft: 'To report', writing: 'Being written', preliminary: 'Preliminary', reviewed: 'Reviewed' },
	unmatched: 'Unmatched',
	differs: 'Identity differs',
	left: (minutes) => `${duration(minutes)} left`,
	over: (minutes) => `${duration(minutes)} over`,
	dueRule: 'To the preliminary report. Emergency films 30 min, sections 1 h; routine films 2 h, sections 6 h.',
	pictures: (series, instances) => `${series} series, ${instances} images`,
	nobody: 'nobody yet',
	reading: (names) => `${names} reading`,
	open: (name) => `Open the study of ${name}`,
	empty: 'No studies yet',
	emptyDetail: 'Drop DICOM files or a folder here, or use npm run import -- dicom.',
	noMatch: 'No study fits',
	sexes: { male: 'male', female: 'female', other: 'other', unknown: 'sex unknown' },
	upload: {
		button: 'Import images',
		drop: 'Drop to import. The identity inside the file counts, not its name.',
		title: 'Import',
		running: (done, total) => `${done} of ${total} files sent`,
		finished: (stored, known, refused) => `${stored} stored, ${known} known already, ${refused} refused`,
		stored: 'stored',
		known: 'known',
		refused: 'refused',
		waiting: 'waiting',
		sending: 'sending',
		again: 'Send the missing again',
		unreachable: 'The server could not be reached; this file did not arrive',
		close: 'Close the list',
		onlyProblems: 'Only refused ones',
		notAllowed: 'Radiologists and administrators import images.',
		notes: {
			'charset-wrong': 'name does not fit its character set',
			'charset-unknown': 'unknown character set',
			normalised: 'kept as received, rewritten for display',
			'no-pixels': 'no image inside',
			'trailing-bytes': 'extra bytes at the end',
			'palette-16': '16-bit palette'
		},
		reasons: {
			'not-dicom': 'not a DICOM file',
			empty: 'the file is empty',
			'too-large': 'the file is too large',
			truncated: 'the file is cut short',
			malformed: 'the structure is not valid DICOM',
			'meta-missing': 'the file header is missing',
			'media-directory': 'a media directory, no images inside',
			bomb: 'it would unpack to an abnormal size and was not unpacked',
			'too-deep': 'nested too deeply',
			'too-many-elements': 'too many elements',
			'too-slow': 'reading it took too long',
			'uid-missing': 'an identifier is missing',
			'uid-invalid': 'an identifier is not valid',
			'unsupported-transfer-syntax': 'this compression is not supported',
			'pixel-data-short': 'fewer pixels than its size says',
			'pixel-size-implausible': 'the image size is not plausible',
			'wrong-codestream': 'the compressed data is not what the file says',
			'same-uid-other-bytes': 'another file with this identifier is kept; the old one stays',
			'uid-conflict': 'the identifier is used in another study',
			'patient-differs-in-study': 'another patient within one study',
			'other-study': 'not part of this study',
			link: 'a link, not read',
			unreadable: 'cannot be read'
		}
	},
	match: {
		open: 'Match patient',
		title: 'Whose study is this',
		hint: 'Compare number, date of birth and sex. An equal name alone is no match.',
		search: 'Patient: name, pinyin initials or number',
		candidates: 'Candidates',
		none: 'Nobody found. Try the patient number.',
		image: 'Image',
		chart: 'Chart',
		fields: { name: 'Name', 'patient-id': 'Patient number', 'birth-date': 'Date of birth', sex: 'Sex' },
		absent: 'not in the image',
		agrees: 'equal',
		differs: 'differs',
		absentMark: 'cannot compare',
		accept: (field) => `I have checked: ${field} differs and it is the same person`,
		choose: 'Choose a patient first',
		confirm: 'Same person: match',
		cancel: 'Cancel',
		onlyName: 'Only the name can be compared: no match by name alone.',
		done: 'Matched.',
		failed: 'The search did not finish. Please try again.'
	}
};

function duration(minutes: number): string {
	const whole = Math.abs(minutes);
	const days = Math.floor(whole / 1440);
	if (days >= 2) return `${days} d`;
	const hours = Math.floor(whole / 60);
	return hours === 0 ? `${whole} min` : whole % 60 === 0 ? `${hours} h` : `${hours} h ${whole % 60} min`;
}
