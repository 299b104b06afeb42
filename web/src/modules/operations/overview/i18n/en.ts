import type { text as zh } from './zh-CN.ts';

export const text: typeof zh = {
	title: 'Operations · Tongping',
	heading: 'Operations',
	calm: 'All is well',
	raised: (count) => (count === 1 ? '1 alarm' : `${count} alarms`),
	asOf: 'As of',
	silent: (lasted) => `The server has not answered for ${lasted}; these are earlier figures`,
	up: (lasted) => `up ${lasted}`,
	epoch: (number) => `epoch ${number}`,
	epochHint: 'Raised by every restore from a backup',
	metrics: 'Prometheus metrics',
	figures: {
		rooms: 'Open rooms',
		connections: 'Sockets',
		behind: 'Behind',
		queued: 'Waiting for disk',
		commit: 'Commit median',
		commit99: 'Commit 99%',
		loop: 'Event loop 99%',
		memory: 'Memory',
		disk: 'Disk free',
		refusals: 'Refused, 1 min'
	},
	none: 'none',
	charts: {
		heading: 'Last 15 minutes',
		commit: 'Commit time',
		loop: 'Event-loop lag',
		memory: 'Memory',
		updates: 'Updates',
		median: 'median',
		worst: '99%',
		bar: (text) => `bar ${text}`,
		perSecond: '/s',
		say: (name, last, most) => `${name}: now ${last}, highest ${most}`,
		empty: 'No figures yet, they appear in five seconds'
	},
	anchors: {
		heading: 'Audit kept outside',
		copy: 'Copy',
		stamp: 'Time-stamp',
		off: 'not set up',
		waiting: 'not there yet; tried each minute',
		reached: (position, time) => `row ${position} is there, ${time}`,
		failed: (time, code) => `not reached since ${time} ${code}`
	},
	rooms: {
		heading: 'Open rooms',
		kind: 'Kind',
		id: 'Id',
		people: 'Present',
		connections: 'Sockets',
		behind: 'Behind',
		empty: 'No room is open',
		emptyDetail: 'Boards, notes and readings appear here while somebody has them open.',
		more: (count) => `${count} more`
	},
	kinds: { note: 'Note', report: 'Imaging report', reading: 'Shared reading', 'ward-board': 'Ward board' },
	refusals: {
		heading: 'Refused since the start',
		reason: 'Reason',
		count: 'Times',
		empty: 'Nothing was refused',
		reasons: {
			sealed: 'the document is signed and sealed',
			version: 'the page is too old',
			denied: 'a section the person may not write',
			'denied-delete': 'deleting in a section of others',
			'read-only': 'may only read',
			'foreign-client': 'writing under the number of another',
			gap: 'a piece in between is missing',
			'unknown-reference': 'hangs on words that do not exist',
			malformed: 'cannot be read',
			'rights-changed': 'rights had just changed',
			'document-full': 'the document is too large',
			'person-full': 'one person wrote too much into one document',
			'storage-full': 'the disk is full, not saved yet'
		}
	},
	alarms: {
		heading: 'Alarms',
		empty: 'No alarm',
		emptyDetail: 'Commits, delays, disk, refusals and failed loads appear here beyond their bar, and in the log and /metrics.',
		since: (time) => `since ${time}`,
		until: (from, to) => `${from} – ${to}, cleared`,
		times: (count) => (count === 1 ? 'once' : `${count} times`),
		differs: (position) =>
			`Row ${position} kept outside is not the row here: somebody changed one of them, or this is a restored older state. Run npm run verify and keep both`,
		behind: (time) => `${time} slow`,
		measured: (value, bar) => `${value}, bar ${bar}`,
		kinds: {
			storage: {
				name: 'Storage did not take a write',
				act: "Look at the free disk space and the system log. Words not acknowledged are still on people's devices. Full: free some space, it goes on by itself. Failed: restart when the disk is well."
			},
			'load-failed': {
				name: 'A document cannot be opened',
				act: 'Find its id in the log and check its rows with the verify command. Delete nothing; restore from a backup if need be.'
			},
			'disk-low': { name: 'The disk is nearly full', act: 'Free or add space. When it is full, all writing stops.' },
			'commit-latency': { name: 'Commits are slow', act: 'See whether a backup, a virus scan or another program holds the disk.' },
			'loop-lag': { name: 'The server answers late', act: 'Look at processor and memory; pause a running import.' },
			'back-pressure': {
				name: 'Somebody receives too slowly',
				act: 'Mostly a bad network at one place. If a whole ward is slow, check its switch and wireless.'
			},
			refusals: {
				name: 'Many edits are refused',
				act: 'See the reasons below. The same source again and again is an old page that was not reloaded, or somebody who probes.'
			},
			clock: {
				name: "The machine's clock was set back",
				act: 'Check the time of this machine and its time service. Stored times go on from the last one and never back; the alarm ends by itself.'
			},
			anchor: {
				name: 'The audit does not get outside',
				act: 'Look at the mount of the copy or at the time-stamp service. It is tried each minute and covers all rows before; this server goes on as usual.'
			},
			quarantine: {
				name: 'The quarantine is full',
				act: 'Decide what waits below. Until then, pages from before the restore cannot hand in words of others.'
			},
			'document-size': {
				name: 'A document is nearly full',
				act: 'Find its id in the log and ask those who write to begin another. Once full it takes no new words; what stands there stays.'
			},
			fault: { name: 'The program met a fault', act: 'Find the fault line of that time in the log and hand it with its neighbours to the developers.' }
		}
	}
};
