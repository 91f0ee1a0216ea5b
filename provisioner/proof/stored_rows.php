<?php
// Prints what the site's database holds, as JSON: of each table its key's columns and its rows. A value is a text or null; an
// array that PHP wrote as a text is an object, of whose values the same holds. Run as root; its arguments are tables to leave out.
function opened($value) {
    if (is_string($value) && preg_match('/^a:\d+:\{.*\}$/s', $value)) {
        $array = @unserialize($value, ['allowed_classes' => false]);
        return is_array($array) ? opened($array) : $value;
    }
    if (is_array($value)) {
        return (object) array_map('opened', $value);
    }
    return $value === null || is_object($value) ? null : (is_bool($value) ? ($value ? '1' : '') : (string) $value);
}

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$db = new mysqli('localhost', 'root', '', 'site', 0, '/run/mysqld/mysqld.sock');
$db->set_charset('utf8mb4');
$stored = [];
foreach ($db->query('SHOW TABLES') as $row) {
    $table = reset($row);
    if (in_array($table, array_slice($argv, 1), true)) {
        continue;
    }
    $key = array_column($db->query("SHOW KEYS FROM `$table` WHERE Key_name = 'PRIMARY'")->fetch_all(MYSQLI_ASSOC), 'Column_name');
    $rows = $db->query("SELECT * FROM `$table`")->fetch_all(MYSQLI_ASSOC);
    $stored[$table] = ['key' => $key, 'rows' => array_map(fn ($row) => array_map('opened', $row), $rows)];
}
echo json_encode($stored, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_UNICODE);
