# The dashboard: built by esbuild into web/dist, served by verifleetd.
.PHONY: web
web: ## Build the web bundle
