import type { RefusalFacts } from '@tongping/domain/kernel';
import type { text as zh } from './zh-CN.ts';

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'quarantine-unknown': () => 'There is no such item; it may belong to another hospital.',
	'quarantine-decided': () => 'Somebody has already decided this item. Nothing was changed.',
	'quarantine-sealed': () => 'The document is signed and sealed, so nothing can enter it. The author can write an addendum.',
	'quarantine-known': () => "The document already holds this; the author's own device has probably brought it back. You can discard it with that reason.",
	'quarantine-hangs': () => 'These words hang on others that are still missing. Decide the earlier item of the same document first.',
	'quarantine-unreadable': () => 'These bytes cannot be read and cannot enter the document.'
};

export const text: typeof zh = {
	heading: 'Quarantine after a restore',
	empty: 'Nothing waits',
	emptyDetail:
		"Words that a colleague's device still holds and the restored server has lost are kept here until an administrator decides. Their content is not shown.",
	doc: 'Document',
	by: 'Offered by',
	from: 'Written as',
	size: 'Units',
	at: 'Time',
	act: 'Decision',
	kinds: { note: 'Note', report: 'Report', reading: 'Reading' },
	unknown: 'cannot be proved',
	own: "the offerer's own words after them",
	also: (names) => `${names} offered the same`,
	deletions: (count) => `and ${count} deletions`,
	decided: { accepted: 'accepted', rejected: 'discarded' },
	decidedBy: (name, reason) => `${name}: ${reason}`,
	accept: 'Accept',
	reject: 'Discard',
	dialog: {
		accept: 'Accept these words into the document',
		reject: 'Discard these words',
		warn: "They will stand as recovered, under nobody's signature. Ask the person they are written as first.",
		keep: 'Discarded words stay in the quarantine record and are not deleted.',
		reason: 'Reason (who was asked, what they said)',
		password: 'Your password',
		cancel: 'Cancel'
	}
};
