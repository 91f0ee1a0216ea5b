<?php
// Says whether the station can work: PHP runs and the database answers.
mysqli_report(MYSQLI_REPORT_OFF);
$db = @mysqli_connect('localhost', 'www-data', '', 'site', 0, '/run/mysqld/mysqld.sock');
if (!$db || !$db->query('SELECT 1')) {
    http_response_code(503);
    exit('database');
}
echo 'ok';
