<?php
// Says whether the station can work: PHP runs, the database answers and reaches its tables (see station-init).
// With it, how many MiB the disk has left.
mysqli_report(MYSQLI_REPORT_OFF);
$db = @mysqli_connect('localhost', 'www-data', '', 'site', 0, '/run/mysqld/mysqld.sock');
header('X-E5B-Free: ' . (int) (disk_free_space('/') / (1 << 20)));
if (!$db || !$db->query('SELECT 1') || filesize('/dev/shm/unread')) {
    http_response_code(503);
    exit('database');
}
echo 'ok';
