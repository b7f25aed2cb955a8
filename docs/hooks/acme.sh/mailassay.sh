#!/usr/bin/env sh
# A deploy hook for acme.sh: hands the new key and chain to mailassay-deploy.
# Put this file into ~/.acme.sh/deploy, then: acme.sh --deploy -d NAME --deploy-hook mailassay

# domain keyfile certfile cafile fullchain
mailassay_deploy() {
  _mailassay_folder=$(mktemp -d) || return 1
  cp "$2" "$_mailassay_folder/privkey.pem" && cp "$5" "$_mailassay_folder/fullchain.pem" || return 1
  RENEWED_LINEAGE=$_mailassay_folder "${MAILASSAY_DEPLOY:-mailassay-deploy}"
  _mailassay_status=$?
  rm -rf "$_mailassay_folder"
  # 75: there is more to do, which cron goes on with.
  [ "$_mailassay_status" -eq 75 ] || return "$_mailassay_status"
}
