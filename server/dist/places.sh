# Where things lie, for the scripts beside this file. Sourced, not run.
# shellcheck shell=bash disable=SC2034
if [ "$(id -u)" = 0 ]; then
	data=${VERIFLEET_DATA_DIR:-/var/lib/verifleet}
	rundir=${VERIFLEET_RUN_DIR:-/run/verifleet}
	agent_data=/var/lib/verifleet-agent
else
	data=${VERIFLEET_DATA_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/verifleet}
	rundir=${VERIFLEET_RUN_DIR:-$data/run}
	agent_data=${XDG_STATE_HOME:-$HOME/.local/state}/verifleet-agent
fi
cli_config=${XDG_CONFIG_HOME:-$HOME/.config}/verifleet/cli.ini
cli_mark='# written by make run'
