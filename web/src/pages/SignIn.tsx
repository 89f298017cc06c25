import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Problem } from "../api/client.ts";
import { visible } from "../format.ts";
import { Field, FormProblem, Plain } from "../parts/plain.tsx";
import { Command } from "../parts/text.tsx";
import { href, navigate, returnTo, type Place } from "../router.ts";
import { session, signIn } from "../state/session.ts";

export default function SignIn({ place }: { place: Place }) {
	const busy = useSignal(false);
	const problem = useSignal("");
	const form = useRef<HTMLFormElement>(null);
	const back = returnTo(place.query.get("return"));
	const s = session.value;
	const inside = s.state === "in";

	useEffect(() => {
		if (s.state === "in" && !busy.value) navigate(s.session.user.must_change_password ? href("/password", { return: back === "/" ? null : back }) : back, { replace: true });
	}, [inside]);
	useEffect(() => {
		form.current?.querySelector<HTMLInputElement>("#name")?.focus();
	}, []);

	const submit = async (e: Event) => {
		e.preventDefault();
		if (busy.value) return;
		const data = new FormData(e.currentTarget as HTMLFormElement);
		busy.value = true;
		problem.value = "";
		try {
			const got = await signIn(String(data.get("name")).trim(), String(data.get("password")));
			navigate(got.user.must_change_password ? href("/password", { return: back === "/" ? null : back }) : back, { replace: true });
		} catch (err) {
			if (!(err instanceof Problem)) throw err;
			problem.value = err.status === 401
				? "That name and password do not match."
				: `${visible(err.title)}. ${visible(err.detail)}`;
			const box = form.current?.querySelector<HTMLInputElement>("#password");
			box?.focus();
			box?.select();
		} finally {
			busy.value = false;
		}
	};

	return (
		<Plain title="Sign in" heading="Sign in">
			{s.state === "out" && s.expired ? <p class="notice info" role="status">Your session has ended. Sign in to go on where you were.</p> : null}
			<form ref={form} onSubmit={(e) => void submit(e)} class="form">
				<Field id="name" name="name" label="Name" autocomplete="username" autocapitalize="none" spellcheck={false} required maxLength={128} />
				<Field id="password" name="password" type="password" label="Password" autocomplete="current-password" required maxLength={1024} />
				<FormProblem text={problem.value} />
				<button type="submit" class="button primary" aria-disabled={busy.value}>{busy.value ? "Signing in" : "Sign in"}</button>
			</form>
			<details class="plain-help">
				<summary>First start, or a lost password</summary>
				<p>The server printed the administrator's one-time password once, where it was started. A new one comes from</p>
				<Command text="verifleetd user reset admin" what="the command" />
			</details>
		</Plain>
	);
}
