#!/usr/bin/env bash
# Creates what is missing of the five databases, then ends.
set -euo pipefail
for service in organization scheduling lineups coupons orders; do
  /opt/mssql-tools18/bin/sqlcmd -b -C -S sqlserver -U sa -P "$MSSQL_SA_PASSWORD" -i /deploy/database.sql \
    -v DATABASE="livecommerce_$service" SQL_USER="$SQL_USER" SQL_PASSWORD="$SQL_PASSWORD"
done
