<?php
// Finds in the site's database what a browser would run: scripts, handlers of events, addresses that are programs. It is run in
// a copy, as root, and loads nothing of the site. Prints a JSON list of {place, name, text}; the seeded companies have none.
const MOST = 60, LONGEST = 100000;
// A browser knows handlers of any length, and leaves out ends of lines and tabs in an address, which begins a value.
const RUNS = '#<\s*/?\s*(?:script|base)\b|\bsrcdoc\s*=|[\s/"\'`]on[a-z]{3,}+\s*+=#i';
const ADDRESS = '#(?:^|["\'`=;,|(])[\x00-\x20]*+(?:j\s*a\s*v\s*a|v\s*b)\s*s\s*c\s*r\s*i\s*p\s*t[\t\r\n]*:#i';
// A tag as a browser reads it, or one of WordPress's comments; what stands between them.
const PARTS = '#<!-- /?wp:[^>]*+-->|</?[a-z][^\s/>]*+(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\z)|\'[^\']*+(?:\'|\z)|[^\s>"\'][^\s>]*+)?+)?+)*+(?:>|\z)|[^<]++|<#i';
// The two handlers that a block of Spectra's stores by itself on a link, which do nothing; each sign as it is there, or as in JSON.
const IDLE = '#((?:<|\\\\u003c)a\s(?:(?!\\\\u003[ce])[^<>])*?\s)onclick=((?:\\\\)?"|\\\\u0022)return (?:true|false);\2(?=[\s>]|\\\\u003e)#';
// With these, where a tag begins and ends depends on more than its signs.
const UNSURE = '#<[!?](?!-- /?wp:)|</?(?:style|script|textarea|title|xmp|iframe|no\w+|plaintext|template|select|svg|math)|\x0b#i';

function decoded(string $text): string {
    return html_entity_decode($text, ENT_QUOTES | ENT_HTML5);
}

// As it stands, and as it stands in JSON, where what follows a sign may be more than a script.
function readings(string $text): array {
    $plain = preg_replace_callback('/\\\\+u00([0-9a-f]{2})/i', fn ($code) => chr(hexdec($code[1])), $text);
    $plain = preg_replace(['#\\\\+(["\'/])#', '#\\\\+[nrt]#', '/&#(x[0-9a-f]++|[0-9]++);?/i'], ['$1', "\n", '&#$1;'], $plain);
    return [$text, $plain];
}

// As a browser reads it: entities count in a tag, while a text that shows code, escaped, runs nothing.
function live(string $text): string {
    if (preg_match(UNSURE, $text) !== 0) {
        return $text . "\n" . decoded($text);
    }
    $code = '/&(?:lt|\#0*60|\#x0*3c);.*?(?:&(?:gt|\#0*62|\#x0*3e);|\z)/is';
    $read = fn ($part) => $part[0][0] === '<' ? decoded($part[0]) : preg_replace($code, ' ', $part[0]) ?? $part[0];
    return preg_replace_callback(PARTS, $read, $text) ?? $text . "\n" . decoded($text);
}

// A sign stays in the place of what goes, so that nothing else comes together.
function without_idle(string $live): string {
    return preg_replace(IDLE, '$1 ', $live) ?? $live;
}

function runs(string $text): bool {
    foreach (readings($text) as $reading) {
        if (preg_match('/[<\\\\&\t\r\n]|script/i', $reading)
            && (preg_match(ADDRESS, decoded($reading)) !== 0 || preg_match(ADDRESS, $reading) !== 0 || preg_match(RUNS, without_idle(live($reading))) !== 0)) {
            return true;
        }
    }
    return false;
}

// An earlier version of a content, and what WordPress's editor read of a linked page for its preview: no page shows them.
function unread(array $row): bool {
    return ($row['post_type'] ?? '') === 'revision'
        || preg_match('#^_site_transient_g_url_details_response_[0-9a-f]{32}\z#', $row['option_name'] ?? '') === 1;
}

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$db = new mysqli('localhost', 'root', '', 'site', 0, '/run/mysqld/mysqld.sock');
$db->set_charset('utf8mb4');
$columns = [];
// Of tables only: root reads no view, which is the candidate's own program.
$asked = $db->query("SELECT table_name, column_name FROM information_schema.columns NATURAL JOIN
    (SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE') AS kept
    WHERE table_schema = 'site' AND data_type IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'blob', 'mediumblob', 'longblob')");
foreach ($asked as $row) {
    [$table, $column] = array_values($row);
    $columns[$table][] = $column;
}
$found = [];
foreach ($columns as $table => $names) {
    foreach ($db->query("SELECT * FROM `$table`", MYSQLI_USE_RESULT) as $row) {
        if (unread($row)) {
            continue;
        }
        foreach ($names as $name) {
            $text = (string) ($row[$name] ?? '');
            if (count($found) < MOST && runs($text)) {
                $title = '';
                foreach (['post_title', 'title', 'meta_title', 'name', 'option_name', 'meta_key', 'comment_author'] as $title_of) {
                    $title = $title ?: (string) ($row[$title_of] ?? '');
                }
                $id = (string) reset($row);
                [$raw, $plain] = readings($text);
                $found["$table.$id.$name"] = ['place' => "$table, n° $id", 'name' => mb_substr($title, 0, 80),
                    'text' => mb_strcut($raw . "\n" . decoded($plain), 0, LONGEST)];
            }
        }
    }
}
echo json_encode(array_values($found), JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
