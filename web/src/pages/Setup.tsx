/* First steps: three commands filled in for this server, and what has arrived so far. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { change, Problem } from "../api/client.ts";
import type { Build, EnrollTokenCreated, Machine, Occurrence, TokenCreated } from "../api/model.ts";
import { useList } from "../api/resource.ts";
import { instant, visible } from "../format.ts";
import { Icon, type Children } from "../parts/icons.tsx";
import { Head, Page } from "../parts/page.tsx";
import { BuildLink, buildName, MachineLink } from "../parts/rows.tsx";
import { Command, Mono, Outside, When } from "../parts/text.tsx";
import { href } from "../router.ts";
import { loadSession, may, session } from "../state/session.ts";

const WORD = { token: "TOKEN", enroll: "ENROLMENT_TOKEN" };

function Step({ n, title, done, children }: { n: number; title: string; done: Children | null; children: Children }) {
	return (
		<li class={done ? "step done" : "step"}>
			<span class="step-n" aria-hidden="true">{done ? <Icon name="check" /> : n}</span>
			<div class="step-body">
				<h2>{title}</h2>
				{children}
				<p class="step-state" role="status">{done ?? <span class="muted"><Icon name="clock" cls="small" />Waiting for the first one; it shows here by itself.</span>}</p>
			</div>
		</li>
	);
}

interface Made {
	import: TokenCreated | null;
	enroll: EnrollTokenCreated | null;
}

function Tokens({ made, onMade }: { made: Made; onMade: (m: Made) => void }) {
	const busy = useSignal(false);
	const problem = useSignal("");
	if (!may("operator")) {
		return <p class="notice info">Making tokens takes the operator role. Ask someone who has it, or an administrator, for an enrolment token.</p>;
	}
	const make = async () => {
		busy.value = true;
		problem.value = "";
		try {
			const enroll = await change("POST", "/api/v1/enroll-tokens", { ttl_s: 86400, max_uses: 10, note: "first steps" }) as EnrollTokenCreated;
			const token = may("administrator")
				? await change("POST", "/api/v1/tokens", { name: `first steps, ${new Date().toISOString().slice(0, 16)}`, scopes: ["read", "import"], ttl_s: 86400 }) as TokenCreated
				: null;
			onMade({ import: token, enroll });
		} catch (e) {
			if (!(e instanceof Problem)) throw e;
			problem.value = `${visible(e.title)}. ${visible(e.detail)}`;
		} finally {
			busy.value = false;
		}
	};
	return (
		<div class="tokens">
			<button type="button" class={made.enroll ? "button" : "button primary"} aria-disabled={busy.value} onClick={() => { if (!busy.value) void make(); }}>
				<Icon name="key" />{busy.value ? "Making them" : made.enroll ? "Make new tokens" : "Make tokens and fill them in"}
			</button>
			<p class="muted" role="status">
				{made.enroll
					? <>Filled in below and shown only now. The enrolment token serves {made.enroll.max_uses} machines until {instant(made.enroll.expires_at)}.</>
					: <>One token to import with, one for up to 10 machines; both end after a day.</>}
			</p>
			{problem.value ? <p class="field-error" role="alert"><Icon name="cross" cls="small" />{problem.value}</p> : null}
		</div>
	);
}

export default function Setup() {
	const made = useSignal<Made>({ import: null, enroll: null });
	const s = session.value;
	const builds = useList<Build>(href("/api/v1/builds", { limit: 1, sort: "created" }), { topics: ["build"] });
	const machines = useList<Machine>(href("/api/v1/machines", { limit: 50 }), { topics: ["machine"] });
	const crashes = useList<Occurrence>(href("/api/v1/occurrences", { limit: 1 }), { topics: ["finding"] });
	const build = builds.data?.items[0] ?? null;
	const machine = machines.data?.items.find((m) => m.kind === "lab") ?? null;
	const crash = crashes.data?.items[0] ?? null;
	const any = build !== null || machine !== null || crash !== null;
	useEffect(() => {
		/* what `/` goes by */
		if (any && s.state === "in" && s.session.setup.builds + s.session.setup.machines + s.session.setup.findings === 0) void loadSession();
	}, [any]);
	const server = location.origin;
	const token = made.value.import?.token ?? WORD.token;
	const enroll = made.value.enroll?.token ?? WORD.enroll;
	return (
		<Page title="First steps" cls="setup">
			<Head title={any ? "First steps" : "Welcome. Nothing has arrived yet."}
				sub="Three commands, filled in for this server. Each one shows here as soon as it worked." />
			<Tokens made={made.value} onMade={(m) => (made.value = m)} />
			<ol class="steps">
				<Step n={1} title="Register a build of your driver"
					done={build ? <span class="status pass"><Icon name="check" cls="small" />Arrived: <a href={`/builds/${build.id}`}><Mono text={build.driver.name} /> <Mono text={buildName(build)} /></a>, <When at={build.created_at} /></span> : null}>
					<p>On any machine that has the file. The image is how crashes find their build.</p>
					<Command what="the build command" text={`verifleet build create --server ${server} --token ${token} --driver mydriver.sys --branch main --seq 1 --image mydriver.sys`} />
				</Step>
				<Step n={2} title="Import a crash dump"
					done={crash ? <span class="status pass"><Icon name="check" cls="small" />Arrived: <a href={`/findings/${crash.finding.id}`}><Outside text={crash.finding.title} /></a>{crash.build ? <> on <BuildLink build={crash.build} driver /></> : null}, <When at={crash.received_at} /></span> : null}>
					<p>From <code class="inline">C:\Windows\Minidump</code> of any machine. Sending it twice counts once.</p>
					<Command what="the import command" text={`verifleet import dump FILE.dmp --server ${server} --token ${token}${build ? ` --build ${build.id}` : ""}`} />
				</Step>
				<Step n={3} title="Enrol a test machine"
					done={machine ? <span class="status pass"><Icon name="check" cls="small" />Arrived: <MachineLink machine={machine} />, <When at={machine.created_at} /></span> : null}>
					<p>From then on its agent sends crashes by itself.</p>
					<Command what="the enrolment command" text={`verifleet-agent enroll --server ${server} --token ${enroll}`} />
				</Step>
			</ol>
		</Page>
	);
}
