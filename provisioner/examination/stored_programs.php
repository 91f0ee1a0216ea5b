<?php
// Finds in the site's database what a browser would run: scripts, handlers of events, addresses that are programs. It is run in
// a copy, as root, and loads nothing of the site. Prints a JSON list of {place, name, text}; the seeded companies have none.
const MOST = 60, LONGEST = 100000;
// A browser leaves out ends of lines and tabs in an address, and knows handlers of any length.
const RUNS = '#<\s*/?\s*(?:script|base)\b|(?<![\w-])(?:j\s*a\s*v\s*a|v\s*b)\s*s\s*c\s*r\s*i\s*p\s*t\s*:|\bsrcdoc\s*=|[\s/"\'`]on[a-z]{3,}+\s*+=#i';

// As a browser reads it in an attribute, and as it stands in JSON, where what follows a sign may be more than a script.
function readings(string $text): array {
    $plain = preg_replace_callback('/\\\\+u00([0-9a-f]{2})/i', fn ($code) => chr(hexdec($code[1])), $text);
    $plain = preg_replace(['#\\\\+(["\'/])#', '#\\\\+[nrt]#', '/&#(x[0-9a-f]++|[0-9]++);?/i'], ['$1', "\n", '&#$1;'], $plain);
    return [$text, html_entity_decode($plain, ENT_QUOTES | ENT_HTML5)];
}

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$db = new mysqli('localhost', 'root', '', 'site', 0, '/run/mysqld/mysqld.sock');
$db->set_charset('utf8mb4');
$columns = [];
$asked = $db->query("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'site'
    AND data_type IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'blob', 'mediumblob', 'longblob')");
foreach ($asked as $row) {
    [$table, $column] = array_values($row);
    $columns[$table][] = $column;
}
$found = [];
foreach ($columns as $table => $names) {
    foreach ($db->query("SELECT * FROM `$table`", MYSQLI_USE_RESULT) as $row) {
        if (($row['post_type'] ?? '') === 'revision') { // an earlier version, which no page shows
            continue;
        }
        foreach ($names as $name) {
            foreach (readings((string) ($row[$name] ?? '')) as $text) {
                if (count($found) < MOST && preg_match('/[<\\\\&\t\r\n]|script/i', $text) && preg_match(RUNS, $text)) {
                    $title = '';
                    foreach (['post_title', 'title', 'meta_title', 'name', 'option_name', 'meta_key', 'comment_author'] as $title_of) {
                        $title = $title ?: (string) ($row[$title_of] ?? '');
                    }
                    $id = (string) reset($row);
                    $found["$table.$id.$name"] = ['place' => "$table, n° $id", 'name' => mb_substr($title, 0, 80),
                        'text' => mb_strcut(implode("\n", readings((string) $row[$name])), 0, LONGEST)];
                }
            }
        }
    }
}
echo json_encode(array_values($found), JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
