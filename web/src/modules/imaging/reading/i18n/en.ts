import type { RefusalFacts } from '@tongping/domain/kernel';
import type { text as zh } from './zh-CN.ts';

const clock = (at: unknown): string =>
	typeof at === 'number' ? new Date(at).toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', second: '2-digit' }) : '';
const fieldWords: Readonly<Record<string, string>> = { 'patient-id': 'patient number', 'birth-date': 'date of birth', sex: 'sex', name: 'name' };
const fields = (facts: RefusalFacts): string =>
	String(facts.fields ?? '')
		.split(',')
		.map((field) => fieldWords[field] ?? field)
		.join(', ');

export const refusals: Record<string, (facts: RefusalFacts) => string> = {
	uncalibrated: () => 'This image has no pixel spacing, so the line counts pixels and cannot enter the report as millimetres. Measure on a calibrated image.',
	'detector-spacing-only': () =>
		'This image only knows the spacing at the detector; inside the patient the size is smaller by an unknown factor. Measure on an image with a marker or on a cross-section.',
	'foreign-image': () => 'The line does not lie on that image and was not taken over. Go back to the slice it was drawn on.',
	'measurement-id-taken': () => 'The id of this line belongs to another study, so it did not enter the report. Please draw the line again.',
	'measurement-empty': () => 'Both ends are on one spot, so the length is 0. Please draw the line again.',
	'measurement-unknown': () => 'This measurement is not in the report; there is nothing to withdraw.',
	'measurement-withdrawn': () => 'This measurement was withdrawn and cannot enter again. Please draw a new line.',
	'measurement-signed': ({ version }) => `Version ${String(version)} of the report quotes this measurement and is signed. Correct it in an addendum.`,
	'measurement-missing': ({ count }) => `${String(count)} measurement references in the report are no longer valid. Remove or replace them, then sign.`,
	'report-empty': () => 'Findings and impression both need words before they can be signed.',
	'report-sealed': ({ at }) => `The report was reviewed and sealed${clock(at) === '' ? '' : ` at ${clock(at)}`}. Corrections go into an addendum.`,
	'report-not-sealed': () => 'The report is not reviewed yet: change it directly, no addendum is needed.',
	'report-not-submitted': () => 'Its author has not submitted the report yet, so it cannot be reviewed.',
	'report-submitted-already': ({ at }) => `The report was submitted as preliminary at ${clock(at)} and waits for review.`,
	'report-signed': () => 'A signed report speaks of this person, so the match stays. Return the report first, or correct it in an addendum.',
	'same-person': () => 'Author and reviewer must be two people. Please ask another reviewing radiologist.',
	'study-unknown': () => 'This study was not found, or is not yours to see.',
	'study-unmatched': () => 'This study belongs to no patient yet, so nothing can be reported or taken over. Match it in the worklist first.',
	'study-matched-already': ({ at }) => `This study was matched to another patient at ${clock(at)}. Check first, then undo that match.`,
	'identity-differs': (facts) => `Image and chart differ in ${fields(facts)}; nothing was matched. Check each of them, then tick the differences you accept.`,
	'identity-mismatch': () =>
		'The identity in the image differs from the chart, so reporting is stopped. A reviewing radiologist has to check it and give a reason.',
	'patient-unknown': () => 'This patient was not found. Please choose again.'
};

export const text: typeof zh = {
	refusals,
	title: 'Reading · Tongping',
	heading: 'Reading',
	back: 'Back to the worklist',
	tools: {
		label: 'Tools',
		window: 'Window',
		scroll: 'Scroll',
		zoom: 'Zoom',
		pan: 'Pan',
		length: 'Length',
		invert: 'Invert',
		follow: 'Follow',
		pointer: 'Pointer',
		fit: 'Fit',
		reset: 'Reset'
	},
	viewport: 'Image: wheel or arrow keys turn the slices',
	series: 'Series',
	seriesLabel: (number, description, count) => `Series ${number ?? ''} ${description ?? ''}, ${count} images`,
	pictures: (count) => `${count} images`,
	noPictures: 'No image to show',
	layer: (index, total) => `Slice ${index} / ${total}`,
	picture: (index, total) => `Image ${index} / ${total}`,
	magnified: (zoom) => `Zoom ${zoom}×`,
	window: (width, center) => `W ${width} L ${center}`,
	loadedOf: (loaded, total) => `${loaded} of ${total} here`,
	missing: (count) => `${count} missing`,
	sides: { left: 'L', right: 'R', front: 'A', back: 'P', head: 'H', foot: 'F' },
	spacing: {
		label: 'Spacing',
		'pixel-spacing': 'true size in the patient',
		'calibrated-projection': 'calibrated projection',
		'ultrasound-region': 'ultrasound region',
		detector: 'detector plane only, smaller in the patient',
		none: 'not calibrated, pixels only'
	},
	pixels: (value) => `${value} px`,
	detectorLength: (value) => `${value} mm (at detector)`,
	opening: 'Opening the images',
	openFailed: (status) =>
		status === 401
			? 'You are signed out, so the images did not come. Please sign in again.'
			: status === null
				? 'The server cannot be reached, the images did not come.'
				: `The server gave no images (${status}).`,
	retry: 'Try again',
	sliceFailed: (index) => `Image ${index} did not come; the last one stays. Scroll back to ask for it again.`,
	notHere: 'The presenter is in another series; opening it.',
	presets: {
		label: 'Window',
		brain: 'Brain',
		bone: 'Bone',
		stroke: 'Stroke',
		subdural: 'Subdural',
		soft: 'Soft tissue',
		lung: 'Lung',
		abdomen: 'Abdomen',
		own: 'As sent',
		full: 'Full range'
	},
	session: {
		label: 'Reading together',
		lead: 'Lead',
		follow: 'Follow',
		free: 'Free',
		leading: (name) => `${name} leads`,
		nobody: 'Nobody leads now',
		youLead: 'You lead',
		youFollow: (name) => `You follow ${name}`,
		followers: (names) => `${names} follow`,
		resume: (name) => `Follow ${name} again`,
		takeOver: 'Take the lead',
		handOver: 'Hand over',
		handTo: (name) => `To ${name}`,
		people: (count) => `${count} here`,
		elsewhere: (name, layer) => `${name} at slice ${layer}`,
		otherSeries: (name) => `${name} in another series`,
		offline: 'Disconnected: only you can see what you do here',
		you: 'you'
	},
	measurements: {
		title: 'Measurements',
		hint: 'Press to go to the slice',
		empty: 'No measurement yet. Press L and draw a line.',
		accept: 'Take over',
		accepted: 'In report',
		remove: 'Delete this line',
		withdraw: 'Withdraw',
		withdrawReason: 'Reason for withdrawing',
		locked: 'Those in the report are locked',
		layer: (index) => `slice ${index}`,
		drawnBy: (name) => `by ${name}`,
		name: (index) => `Measurement ${index}`,
		rename: 'What this line measures',
		insert: 'Put into report'
	},
	report: {
		title: 'Report',
		findings: 'Findings',
		impression: 'Impression',
		status: { draft: 'Draft', preliminary: 'Preliminary', reviewed: 'Reviewed' },
		writing: 'writing',
		readOnly: 'You may read, not change',
		sealed: 'Reviewed and sealed',
		authorBy: (name) => `Written by ${name}`,
		reviewBy: (name) => `Reviewed by ${name}`,
		reviewPending: 'review pending',
		submit: 'Submit',
		review: 'Review and seal',
		return: 'Return',
		returned: (reason) => `Returned: ${reason}`,
		addendum: 'Addendum',
		addenda: 'Addenda',
		versions: (version) => `Version ${version}`,
		hash: (hash) => `digest ${hash}`,
		noCa: 'Signed by password within the hospital; no CA certificate is attached.',
		print: 'Print',
		chipGone: 'source withdrawn',
		loading: 'Opening the report',
		blocked: {
			'study-unmatched': 'This study belongs to no patient yet; reporting is off.',
			'identity-mismatch': 'The identity in the image differs from the chart; reporting is off.'
		}
	},
	sign: {
		submitTitle: 'Submit as preliminary report',
		reviewTitle: 'Review and seal the report',
		addendumTitle: 'Sign an addendum',
		withdrawTitle: 'Withdraw a measurement',
		returnTitle: 'Return to its author',
		confirmTitle: 'Confirm that this is the same person',
		says: 'You sign exactly these words and measurements.',
		password: 'Your password',
		reason: 'Reason',
		cancel: 'Cancel',
		submit: 'Sign and submit',
		review: 'Sign and seal',
		addendum: 'Sign addendum',
		return: 'Return',
		withdraw: 'Withdraw',
		confirm: 'Sign and confirm',
		working: 'Signing',
		addendumText: 'Words to add',
		done: {
			submit: 'The report is submitted as preliminary.',
			review: 'The report is reviewed and sealed.',
			return: 'The report is returned; writing goes on.',
			addendum: 'The addendum is signed.',
			confirm: 'Your confirmation is recorded.',
			withdraw: 'The measurement is withdrawn; please remove its reference from the report.'
		}
	},
	identity: {
		image: 'Image',
		chart: 'Chart',
		patientId: 'Number',
		name: 'Name',
		birthDate: 'Born',
		sex: 'Sex',
		absent: 'not in the image',
		sexes: { male: 'male', female: 'female', other: 'other', unknown: 'unknown' },
		agrees: 'Identity agrees',
		incomplete: 'Identity incomplete in the image: please check',
		differs: 'Identity differs, reporting is off',
		confirmed: 'Difference confirmed by a reviewing radiologist',
		unmatched: 'Not matched, reporting is off',
		doubtful: 'The name does not fit the character set of the file and may be garbled',
		confirm: 'Check and confirm',
		match: 'Match patient',
		confirmHint: 'Only a reviewing radiologist may confirm. Give the reason, such as a temporary emergency number.'
	},
	shortcuts: 'Keys: W window, S scroll, Z zoom, P pan, L length, I invert, F follow, X pointer, 1–9 windows, arrows turn slices'
};
