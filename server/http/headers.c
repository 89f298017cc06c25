#include "server/http/headers.h"

#define PAGE_POLICY                                                                                \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "          \
	"connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; "              \
	"form-action 'self'; frame-ancestors 'none'"
#define DATA_POLICY                                                                                \
	"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

void vf_headers_add(struct MHD_Response *r, struct vf_header_kind kind)
{
	const char *policy = kind.page ? PAGE_POLICY : DATA_POLICY;

	if (kind.download)
		policy = DATA_POLICY "; sandbox";
	MHD_add_response_header(r, "Content-Security-Policy", policy);
	MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(r, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(r, "Cross-Origin-Opener-Policy", "same-origin");
	MHD_add_response_header(r, "Cross-Origin-Resource-Policy", "same-origin");
	MHD_add_response_header(
		r, "Permissions-Policy", "camera=(), geolocation=(), microphone=(), usb=()");
	if (kind.tls)
		MHD_add_response_header(r, "Strict-Transport-Security", "max-age=31536000");
}
