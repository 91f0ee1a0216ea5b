<?php
// Keeps what the site's database holds ("keep"), and puts it back ("rewind"): writes "whole" where each table is as it was kept.
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$db = new mysqli('localhost', 'root', '', 'site', 0, '/run/mysqld/mysqld.sock');
$db->set_charset('utf8mb4');
$db->query("SET foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO'");
const KEPT = '/run/kept';

// A number for each table, which is another where one of its rows is.
function sums($db) {
    $names = array_map(fn ($row) => '`' . $row[0] . '`', $db->query('SHOW TABLES')->fetch_all());
    return array_column($db->query('CHECKSUM TABLE ' . implode(', ', $names))->fetch_all(), 1, 0);
}
if ($argv[1] === 'keep') {
    $rows = [];
    foreach (array_keys($sums = sums($db)) as $table) {
        $rows[$table] = $db->query("SELECT * FROM $table")->fetch_all();
    }
    file_put_contents(KEPT, serialize([$sums, $rows]));
    exit(0);
}
[$sums, $rows] = unserialize(file_get_contents(KEPT));
foreach (array_diff_assoc($sums, sums($db)) as $table => $sum) {
    $db->query("DELETE FROM $table");
    foreach (array_chunk($rows[$table], 200) as $some) {
        $quoted = fn ($cell) => $cell === null ? 'NULL' : "'" . $db->real_escape_string($cell) . "'";
        $values = array_map(fn ($row) => '(' . implode(', ', array_map($quoted, $row)) . ')', $some);
        $db->query("INSERT INTO $table VALUES " . implode(', ', $values));
    }
}
echo sums($db) === $sums ? 'whole' : 'other';
