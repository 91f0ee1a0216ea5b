<?php
// Says whether the station can work: PHP runs, the database answers and reaches its tables (see station-init).
mysqli_report(MYSQLI_REPORT_OFF);
$db = @mysqli_connect('localhost', 'www-data', '', 'site', 0, '/run/mysqld/mysqld.sock');
$ill = !$db || !$db->query('SELECT 1') ? 'database' : (filesize('/dev/shm/unread') ? 'tables' : '');
if ($ill) {
    http_response_code(503);
    exit($ill);
}
echo 'ok';
