#include "agent/posix/posix.h"

#include <curl/curl.h>
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void init_curl(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

static size_t take_body(char *data, size_t size, size_t n, void *arg)
{
	struct vf_buf *body = arg;

	vf_buf_add(body, data, size * n);
	return vf_buf_ok(body) ? size * n : 0;
}

static enum vf_status exchange(void *ctx, const struct vf_http_request *req,
	struct vf_http_response *res, struct vf_err *err)
{
	struct vf_posix_http *h = ctx;
	struct curl_slist *headers = NULL, *more;
	char reason[CURL_ERROR_SIZE] = "", url[2048];
	enum vf_status st = VF_OK;
	bool has_body = req->body || !strcmp(req->method, "POST") || !strcmp(req->method, "PUT");
	long status = 0;
	CURLcode rc;
	CURL *c = h->curl;

	if ((size_t)snprintf(url, sizeof url, "%s%s", h->base, req->path) >= sizeof url)
		return vf_fail(err, VF_E_LIMIT, "the address is too long");
	headers = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; headers && i < VF_HTTP_HEADERS_MAX && req->headers[i]; i++) {
		more = curl_slist_append(headers, req->headers[i]);
		if (!more)
			curl_slist_free_all(headers);
		headers = more;
	}
	if (!headers)
		return vf_fail(err, VF_E_NOMEM, "no memory for a request");

	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &res->body);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, reason);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(req->timeout_ms ? req->timeout_ms : 30000));
	curl_easy_setopt(c, CURLOPT_HTTPGET, 1L); /* undoes the request before */
	curl_easy_setopt(c, CURLOPT_NOBODY, !strcmp(req->method, "HEAD") ? 1L : 0L);
	if (has_body) {
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)req->body_len);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, req->body ? req->body : "");
	}
	curl_easy_setopt(
		c, CURLOPT_CUSTOMREQUEST, !strcmp(req->method, "HEAD") ? NULL : req->method);

	vf_buf_reset(&res->body);
	rc = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	res->status = (int)status;
	if (rc == CURLE_WRITE_ERROR && !vf_buf_ok(&res->body))
		st = vf_fail(err, VF_E_LIMIT, "the server's answer is too long");
	else if (rc != CURLE_OK)
		st = vf_fail(err, VF_E_AGAIN, "%s: %.160s", h->base,
			reason[0] ? reason : curl_easy_strerror(rc));
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, NULL);
	curl_slist_free_all(headers);
	return st;
}

static bool is_loopback(const char *host, size_t len)
{
	static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};

	for (size_t i = 0; i < VF_ARRAY_LEN(names); i++)
		if (len == strlen(names[i]) && !memcmp(host, names[i], len))
			return true;
	return false;
}

static enum vf_status check_address(
	struct vf_posix_http *h, const char *server, bool *loopback, struct vf_err *err)
{
	size_t scheme = !strncmp(server, "http://", 7)    ? 7
			: !strncmp(server, "https://", 8) ? 8
							  : 0;
	size_t len = strlen(server), host;

	while (len && server[len - 1] == '/')
		len--;
	if (!scheme || len <= scheme || len >= sizeof h->base)
		return vf_fail(err, VF_E_INVALID,
			"the server's address must look like https://host:port, not \"%.100s\"",
			server);
	snprintf(h->base, sizeof h->base, "%.*s", (int)len, server);
	host = strcspn(h->base + scheme, "/?#@ ");
	if (h->base[scheme + host])
		return vf_fail(err, VF_E_INVALID,
			"the server's address is https://host:port and no more, not \"%.100s\"",
			server);
	if (h->base[scheme] != '[')
		host = strcspn(h->base + scheme, ":");
	else
		host = strcspn(h->base + scheme, "]") + 1;
	*loopback = is_loopback(h->base + scheme, host);
	return VF_OK;
}

enum vf_status vf_posix_http_open(
	struct vf_posix_http *h, const struct vf_posix_http_options *o, struct vf_err *err)
{
	bool loopback = false;
	enum vf_status st;
	char agent[96];

	*h = (struct vf_posix_http){.port = {h, exchange}};
	st = check_address(h, o->server, &loopback, err);
	if (st != VF_OK)
		return st;
	pthread_once(&once, init_curl);
	h->curl = curl_easy_init();
	if (!h->curl)
		return vf_fail(err, VF_E_NOMEM, "no memory for HTTP");
	snprintf(agent, sizeof agent, "%s", o->program);
	curl_easy_setopt(h->curl, CURLOPT_USERAGENT, agent);
	curl_easy_setopt(h->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(h->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h->curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(h->curl, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
	curl_easy_setopt(h->curl, CURLOPT_TCP_KEEPALIVE, 1L);
	if (loopback) /* a proxy from the environment cannot reach this machine's own server */
		curl_easy_setopt(h->curl, CURLOPT_PROXY, "");
	if (o->ca_file && o->ca_file[0])
		curl_easy_setopt(h->curl, CURLOPT_CAINFO, o->ca_file);
	return VF_OK;
}

void vf_posix_http_close(struct vf_posix_http *h)
{
	if (h->curl)
		curl_easy_cleanup(h->curl);
	h->curl = NULL;
}
