/* The frame before the sign-in: nothing but the form. Also the fields of its forms. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { PRODUCT } from "./page.tsx";
import { Icon, Mark, type Children } from "./icons.tsx";

export function Plain({ title, heading, children }: { title: string; heading: string; children: Children }) {
	useEffect(() => {
		document.title = `${title} · ${PRODUCT}`;
	}, [title]);
	return (
		<main class="plain" id="main">
			<div class="plain-brand"><Mark /><span>Verifleet</span></div>
			<div class="plain-card">
				<h1>{heading}</h1>
				{children}
			</div>
		</main>
	);
}

export function Field({ id, label, hint, error, ...input }: {
	id: string;
	label: string;
	hint?: Children;
	error?: string | null;
} & Omit<JSX.IntrinsicElements["input"], "id" | "label">) {
	const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
	return (
		<div class={`field ${error ? "bad" : ""}`}>
			<label for={id}>{label}</label>
			<input id={id} {...(input as object)} aria-invalid={error ? "true" : undefined} aria-describedby={described || undefined} />
			{hint ? <p id={`${id}-hint`} class="field-hint">{hint}</p> : null}
			{error ? <p id={`${id}-error`} class="field-error"><Icon name="cross" cls="small" />{error}</p> : null}
		</div>
	);
}

export function FormProblem({ text }: { text: string }) {
	return <p class="form-problem" role="alert">{text ? <><Icon name="cross" />{text}</> : null}</p>;
}
