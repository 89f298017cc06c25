# The dashboard: built by esbuild into web/dist, served by verifleetd.
.PHONY: web web-types check-web

WEB_SRC := $(shell find web/src -type f ! -name catalog.ts 2>/dev/null) web/index.html web/build.mjs web/tsconfig.json

web: web/dist/index.html ## Build the web bundle

# npm ci only when the lock file is another than the one that was installed.
web/node_modules/.verifleet-lock: web/package-lock.json
	@cmp -s web/package-lock.json $@ || { \
		echo '  NPM   packages of the web bundle (once, and when package-lock.json changes)' && \
		cd web && npm ci --no-audit --no-fund --loglevel=error && cp package-lock.json node_modules/.verifleet-lock; }
	@touch $@

web/dist/index.html: $(WEB_SRC) web/node_modules/.verifleet-lock $(BIN)/verifleet
	$(call say,WEB,web/dist)cd web && VERIFLEET_CLI=../$(BIN)/verifleet node build.mjs --types

web-types: web/node_modules/.verifleet-lock ## Make web/src/api/types.ts from server/api/openapi.json
	$(Q)cd web && node types.mjs

check-web: web ## Types against openapi.json, lint and unit tests of the web
	$(Q)cd web && node types.mjs --check && node lint.mjs && node test.mjs
