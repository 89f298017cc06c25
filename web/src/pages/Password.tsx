import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Problem } from "../api/client.ts";
import { visible } from "../format.ts";
import { Head, Page } from "../parts/page.tsx";
import { Field, FormProblem, Plain } from "../parts/plain.tsx";
import { navigate, returnTo, type Place } from "../router.ts";
import { session, setPassword, signOut } from "../state/session.ts";

const LEAST = 12;

function Form({ first, back, name }: { first: boolean; back: string; name: string }) {
	const busy = useSignal(false);
	const problem = useSignal("");
	const wrong = useSignal<{ current?: string; next?: string; again?: string }>({});
	const done = useSignal(false);
	const form = useRef<HTMLFormElement>(null);
	useEffect(() => {
		form.current?.querySelector<HTMLInputElement>("#current")?.focus();
	}, []);

	const submit = async (e: Event) => {
		e.preventDefault();
		if (busy.value) return;
		const data = new FormData(e.currentTarget as HTMLFormElement);
		const [current, next, again] = ["current", "next", "again"].map((n) => String(data.get(n))) as [string, string, string];
		wrong.value = next.length < LEAST
			? { next: `At least ${LEAST} characters; this has ${next.length}.` }
			: next === current ? { next: "The new password has to differ from the old one." }
			: next !== again ? { again: "The two do not match." } : {};
		problem.value = "";
		const bad = Object.keys(wrong.value)[0];
		if (bad) {
			form.current?.querySelector<HTMLInputElement>(`#${bad}`)?.focus();
			return;
		}
		busy.value = true;
		try {
			await setPassword(current, next);
			form.current?.reset();
			done.value = true;
			if (first) navigate(back, { replace: true });
		} catch (err) {
			if (!(err instanceof Problem)) throw err;
			if (err.field === "current" || err.status === 401 || err.slug === "wrong-password") wrong.value = { current: first ? "That is not the one-time password." : "That is not the current password." };
			else if (err.field === "new") wrong.value = { next: visible(err.detail || err.title) };
			else problem.value = `${visible(err.title)}. ${visible(err.detail)}`;
		} finally {
			busy.value = false;
		}
	};

	return (
		<form ref={form} onSubmit={(e) => void submit(e)} class="form">
			{/* for password managers: whose password this is */}
			<input type="text" name="username" autocomplete="username" value={name} readOnly hidden />
			<Field id="current" name="current" type="password" label={first ? "One-time password" : "Current password"} autocomplete="current-password" required maxLength={1024} error={wrong.value.current ?? null} />
			<Field id="next" name="next" type="password" label="New password" autocomplete="new-password" required maxLength={1024} hint={`At least ${LEAST} characters. Length counts more than signs.`} error={wrong.value.next ?? null} />
			<Field id="again" name="again" type="password" label="New password, once more" autocomplete="new-password" required maxLength={1024} error={wrong.value.again ?? null} />
			<FormProblem text={problem.value} />
			{done.value && !first ? <p class="notice pass" role="status">The password is changed.</p> : null}
			<button type="submit" class="button primary" aria-disabled={busy.value}>{busy.value ? "Setting it" : "Set password"}</button>
			{first ? <button type="button" class="button" onClick={() => void signOut()}>Sign out</button> : null}
		</form>
	);
}

export default function Password({ place }: { place: Place }) {
	const s = session.value;
	const first = s.state === "in" && s.session.user.must_change_password;
	const back = returnTo(place.query.get("return"));
	const name = s.state === "in" ? s.session.user.name : "";
	if (first) {
		return (
			<Plain title="Set a new password" heading="Set a new password">
				<p class="plain-lead">The one-time password works once. Choose your own to go on.</p>
				<Form first back={back} name={name} />
			</Plain>
		);
	}
	return (
		<Page title="Change password">
			<Head title="Change password" />
			<div class="narrow"><Form first={false} back={back} name={name} /></div>
		</Page>
	);
}
