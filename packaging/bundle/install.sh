#!/bin/sh
# Installs, upgrades and rolls back Fengsui from the folder this file lies in. Needs no network; needs a POSIX shell,
# coreutils and, for the services, systemd. docs/guides/install.md
#
#   sh install.sh [options]             install, or upgrade what is installed
#   sh install.sh rollback [options]    back to the version that ran before
#
#   --prefix DIR   where the versions lie                (/opt/fengsui)
#   --data DIR     data of the centre                    (/var/lib/fengsui)
#   --user NAME    the user that runs the service, made when it is missing (fengsui)
#   --no-service   no user and no units: only the program
set -eu

prefix=/opt/fengsui
data=/var/lib/fengsui
user=fengsui
service=yes
action=install
here=$(cd "$(dirname "$0")" && pwd -P)

say() { printf '%s\n' "$*"; }
fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    install | rollback) action=$1 ;;
    --prefix | --data | --user)
      [ $# -ge 2 ] || fail "$1 needs a value"
      case $1 in
        --prefix) prefix=$2 ;;
        --data) data=$2 ;;
        --user) user=$2 ;;
      esac
      shift
      ;;
    --no-service) service=no ;;
    *) fail "unexpected $1; see the first lines of $0" ;;
  esac
  shift
done
case $prefix in /*) ;; *) fail "--prefix must begin with /" ;; esac
case $data in /*) ;; *) fail "--data must begin with /" ;; esac
# They are written into units and scripts as they are.
case $prefix$data$user in *[!A-Za-z0-9/._-]*) fail "prefix, data and user may hold letters, digits and / . _ - alone" ;; esac

running() { [ "$service" = yes ] && systemctl is-active --quiet fengsui; }
stop_service() { if running; then say "stopping the service"; systemctl stop fengsui; fi; }
start_service() {
  [ "$service" = yes ] || return 0
  say "starting the service"
  systemctl daemon-reload
  systemctl start fengsui
}
# Ready within two minutes? The unit's command asks the local socket: no port needs to be known here.
is_well() {
  [ "$service" = yes ] || return 0
  tries=0
  while [ $tries -lt 60 ]; do
    systemctl is-active --quiet fengsui || return 1
    as_user "$prefix/current/bin/fengsui" alive --data "$data" >/dev/null 2>&1 && return 0
    tries=$((tries + 1))
    sleep 2
  done
  return 1
}
as_user() {
  if [ "$service" = yes ] && [ "$(id -u)" = 0 ]; then runuser -u "$user" -- "$@"; else "$@"; fi
}
# One rename: whoever starts the program meanwhile gets the old one or the new one.
point() {
  ln -s "versions/$2" "$prefix/.$1.new"
  mv -T "$prefix/.$1.new" "$prefix/$1"
}
version_at() { [ -L "$prefix/$1" ] && basename "$(readlink "$prefix/$1")" || true; }

check_sums() {
  say "comparing every file with SHA256SUMS"
  (cd "$1" && sha256sum --check --strict --quiet SHA256SUMS) || {
    rm -rf "$1"
    fail "files of $here are missing or damaged: copy it anew"
  }
}

check_machine() {
  platform=$(sed -n 's/.*"platform": "\(.*\)".*/\1/p' "$here/bundle.json")
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) machine=linux-x64 ;;
    Linux-aarch64) machine=linux-arm64 ;;
    *) machine=$(uname -s)-$(uname -m) ;;
  esac
  [ "$platform" = "$machine" ] || fail "this bundle is for $platform, the machine is $machine"
  "$here/node/bin/node" --version >/dev/null || fail "the Node of the bundle does not run here (it needs glibc 2.28 or newer)"
}

back_up() {
  [ -d "$data/journal" ] || [ -d "$data/store" ] || return 0
  kept="$data/backups/before-$1.tar.gz"
  say "backing up to $kept"
  as_user mkdir -p "$data/backups"
  rm -f "$kept"
  as_user "$prefix/current/bin/fengsui" backup create --data "$data" --to "$kept" ||
    fail "the backup failed; nothing was changed. Free space or mend what it says, then try again"
}

install_service() {
  [ "$service" = yes ] || return 0
  command -v systemctl >/dev/null || fail "there is no systemd here: use --no-service"
  id "$user" >/dev/null 2>&1 || useradd --system --home-dir "$data" --shell /usr/sbin/nologin "$user"
  mkdir -p "$data"
  chown "$user" "$data"
  chmod 700 "$data"
  for unit in fengsui fengsui-watch; do
    sed -e "s|/opt/fengsui|$prefix|g" -e "s|/var/lib/fengsui|$data|g" -e "s|^User=fengsui$|User=$user|" \
      "$here/systemd/$unit.service" >"/etc/systemd/system/$unit.service"
  done
  systemctl daemon-reload
  systemctl enable fengsui >/dev/null
}

install() {
  check_machine
  # Two builds of one version are two: named by their content.
  version=$(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$here/bundle.json")-$(sha256sum "$here/SHA256SUMS" | cut -c1-8)
  former=$(version_at current)
  if [ "$former" = "$version" ]; then
    say "$version is installed already"
    return 0
  fi
  target="$prefix/versions/$version"
  if [ "$here" != "$target" ]; then
    mkdir -p "$prefix/versions"
    rm -rf "$target.new"
    cp -R -P "$here" "$target.new"
    check_sums "$target.new"
    rm -rf "$target"
    mv "$target.new" "$target"
  fi
  [ -z "$former" ] || back_up "$version"
  stop_service
  [ -z "$former" ] || point previous "$former"
  point current "$version"
  install_service
  if [ -z "$former" ]; then
    say "installed $version in $prefix"
    if [ "$service" = yes ]; then say "start it: systemctl start fengsui; its first words: journalctl -u fengsui"; else say "start it: $prefix/current/bin/fengsui start --no-demo --data $data"; fi
    return 0
  fi
  start_service
  if ! is_well; then
    say "$version does not get well"
    roll_back
    fail "rolled back to $former; journalctl -u fengsui says why, $data/backups has the state of before"
  fi
  say "upgraded from $former to $version; back again: sh $prefix/current/install.sh rollback"
}

roll_back() {
  former=$(version_at previous)
  [ -n "$former" ] || fail "there is no version before $(version_at current) in $prefix"
  [ -d "$prefix/versions/$former" ] || fail "$prefix/versions/$former is gone"
  now=$(version_at current)
  stop_service
  point current "$former"
  point previous "$now"
  here="$prefix/versions/$former"
  install_service
  start_service
  say "back from $now to $former"
  say "if it refuses the store (a newer schema): $prefix/current/bin/fengsui backup restore, from $data/backups/before-$now.tar.gz"
}

if [ "$action" = install ]; then install; else roll_back; fi
