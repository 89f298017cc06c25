/* The application, started by being loaded: theme, session, router, live data; each page is its own chunk, fetched beside the session. */
import { signal } from "@preact/signals";
import { render, type ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { startKeys } from "./keys.ts";
import { startLive } from "./live.ts";
import { Mark } from "./parts/icons.tsx";
import { Page } from "./parts/page.tsx";
import { Shell } from "./parts/shell.tsx";
import { ProblemBox, SkeletonPage } from "./parts/states.tsx";
import { href, navigate, place, startRouter, type PageName, type Place } from "./router.ts";
import { lastDriver, startPrefs } from "./state/prefs.ts";
import { loadSession, session } from "./state/session.ts";

type View = ComponentType<{ place: Place }>;

const LOAD: Record<Exclude<PageName, "home">, () => Promise<{ default: View }>> = {
	builds: () => import("./pages/Builds.tsx"),
	build: () => import("./pages/Report.tsx"),
	findings: () => import("./pages/Findings.tsx"),
	finding: () => import("./pages/Finding.tsx"),
	occurrences: () => import("./pages/Occurrences.tsx"),
	occurrence: () => import("./pages/Finding.tsx").then((m) => ({ default: m.OccurrencePage })),
	machines: () => import("./pages/Machines.tsx"),
	machine: () => import("./pages/Machine.tsx"),
	runs: () => import("./pages/Runs.tsx"),
	rejected: () => import("./pages/Rejected.tsx"),
	setup: () => import("./pages/Setup.tsx"),
	"sign-in": () => import("./pages/SignIn.tsx"),
	password: () => import("./pages/Password.tsx"),
	"not-found": () => import("./pages/NotFound.tsx"),
};

const views = signal<Partial<Record<PageName, View>>>({});
const broken = signal<PageName | null>(null);
const asked = new Set<PageName>();

function want(page: Exclude<PageName, "home">): void {
	if (asked.has(page)) return;
	asked.add(page);
	LOAD[page]().then(
		(m) => {
			views.value = { ...views.value, [page]: m.default };
			broken.value = null;
		},
		() => {
			/* the server was updated, or went away: a full load gets the new names */
			asked.delete(page);
			broken.value = page;
		},
	);
}

/** `/`: the first steps while there is nothing, the builds afterwards. */
function Home() {
	const s = session.value;
	const setup = s.state === "in" ? s.session.setup : null;
	const empty = setup !== null && setup.builds === 0 && setup.findings === 0 && setup.machines === 0;
	useEffect(() => {
		if (setup) navigate(empty ? "/setup" : href("/builds", { driver: lastDriver.value }), { replace: true });
	}, [setup, empty]);
	return <SkeletonPage what="the start page" />;
}

function Current({ at }: { at: Place }) {
	const page = at.page === "home" ? null : at.page;
	useEffect(() => {
		if (page) want(page);
	}, [page]);
	if (page === null) return <Home />;
	const View = views.value[page];
	if (View) return <View key={`${page} ${at.id}`} place={at} />;
	if (broken.value === page) {
		return (
			<Page title="Not loaded">
				<div class="problem" role="alert">
					<div>
						<p class="problem-title">This page could not be loaded</p>
						<p>The server does not answer, or it was updated since this tab was opened.</p>
						<p class="problem-foot"><button type="button" class="button" onClick={() => location.reload()}>Load again</button></p>
					</div>
				</div>
			</Page>
		);
	}
	return <SkeletonPage what="the page" />;
}

/** Sends people where their session lets them be. */
function gate(at: Place): string | null {
	const s = session.value;
	if (s.state === "out" && at.page !== "sign-in") {
		const query = at.query.toString();
		const here = query ? `${at.path}?${query}` : at.path;
		return href("/sign-in", { return: here === "/" ? null : here });
	}
	if (s.state === "in" && s.session.user.must_change_password && at.page !== "password") {
		const back = at.page === "sign-in" ? at.query.get("return") : at.path;
		return href("/password", { return: back === "/" ? null : back });
	}
	return null;
}

function App() {
	const at = place.value;
	const s = session.value;
	const to = gate(at);
	useEffect(() => {
		if (to) navigate(to, { replace: true });
	}, [to]);
	useEffect(() => {
		const driver = at.page === "builds" ? at.query.get("driver") ?? "" : null;
		if (driver !== null) lastDriver.value = driver;
	}, [at]);
	if (s.state === "failed") {
		return (
			<main class="plain" id="main">
				<div class="plain-brand"><Mark /><span>Verifleet</span></div>
				<h1 class="sr">Verifleet</h1>
				<ProblemBox problem={s.problem} what="The session" retry={() => void loadSession()} />
			</main>
		);
	}
	if (to) return <div class="plain" />;
	if (at.page === "sign-in" || (s.state === "in" && s.session.user.must_change_password)) return <Current at={at} />;
	/* The session is still being asked for: the frame and the page's own request start at once. */
	return <Shell><Current at={at} /></Shell>;
}

startPrefs();
startRouter();
startKeys();
startLive();
void loadSession();
render(<App />, document.getElementById("app")!);
