<?php
// Alters what a WordPress stores, by its own functions, as its administrator. Reads {address, requests}: each request has `do`, "set"
// (the value at that path of a column), "remove" (the row, or what stands at the path), "add" (a row that was there, and those of
// `also`), "link" (the row leads to another of its kind) or "save" (the row anew as it is), with table, row, key, column, path, value,
// also. Writes {altered}: false where WordPress stores the same as before; or {refused}, why it doesn't take it.
$asked = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$_SERVER['HTTP_HOST'] = preg_replace('#^https?://#', '', $asked['address']);
$_SERVER['REQUEST_URI'] = '/';
require_once '/var/www/html/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
wp_set_current_user(get_users(['role' => 'administrator', 'orderby' => 'ID', 'number' => 1])[0]->ID);
kses_init();
const META = ['wp_postmeta' => ['post', 'post_id'], 'wp_usermeta' => ['user', 'user_id'], 'wp_commentmeta' => ['comment', 'comment_id'], 'wp_termmeta' => ['term', 'term_id']];

class Refused extends Exception {
}

// The array with that value at the path, of the kind that stood there; without what stands there, where the value is null.
function with_value($array, $path, $value) {
    if (!$path) {
        return is_int($array) ? (int) $value : (is_bool($array) ? (bool) $value : $value);
    }
    $first = array_shift($path);
    if (!$path && $value === null) {
        unset($array[$first]);
        return $array;
    }
    $array[$first] = with_value($array[$first] ?? null, $path, $value);
    return $array;
}
// The row as it is stored.
function stored($table, $key) {
    global $wpdb;
    $named = implode(' AND ', array_map(fn ($column) => "`$column` = %s", array_keys($key)));
    return $wpdb->get_row($wpdb->prepare("SELECT * FROM `$table` WHERE $named", array_values($key)));
}
function refused_unless($done) {
    if (!$done && !is_array($done) || is_wp_error($done)) {
        throw new Refused(is_wp_error($done) ? $done->get_error_message() : "WordPress doesn't");
    }
    return $done;
}
function meta($kind, $id, $asked) {
    ['do' => $do, 'path' => $path, 'row' => $row, 'value' => $value] = $asked;
    $name = $row['meta_key'];
    if ($kind === 'user' && str_ends_with($name, 'capabilities') && $path) { // an account has one role
        $role = $value === '1' ? $path[0] : $value;
        if (!get_role((string) $role)) {
            throw new Refused('an account has one role');
        }
        (new WP_User($id))->set_role($role);
        return true;
    }
    if ($do === 'remove' && !$path) {
        return delete_metadata($kind, $id, $name);
    }
    $there = get_metadata($kind, $id, $name, true);
    if ($do === 'save') {
        return delete_metadata($kind, $id, $name) && add_metadata($kind, $id, $name, wp_slash($there));
    }
    $new = $do === 'add' ? $row['meta_value'] : with_value($there, $path, $value);
    update_metadata($kind, $id, $name, wp_slash($new));
    return true;
}
function option($asked) {
    ['do' => $do, 'path' => $path, 'row' => $row] = $asked;
    $name = $row['option_name'];
    if ($do === 'remove' && !$path) {
        return delete_option($name);
    }
    $there = get_option($name);
    if ($do === 'save') {
        return delete_option($name) && add_option($name, $there, '', 'no');
    }
    update_option($name, $do === 'add' ? $row['option_value'] : with_value($there, $path, $asked['value']));
    if ($name === 'wpseo_taxonomy_meta' && count($path) > 1) { // as Yoast's own screen of a category does
        do_action('edited_term', (int) $path[1], 0, $path[0], []);
    }
    return true;
}
function content($asked) {
    ['do' => $do, 'column' => $column, 'row' => $row, 'value' => $value] = $asked;
    $id = (int) $row['ID'];
    if ($do === 'add') {
        return wp_insert_post(wp_slash(['import_id' => $id] + array_diff_key($row, ['ID' => 0])), true);
    }
    if ($do === 'remove') {
        return $row['post_type'] === 'attachment' ? wp_delete_attachment($id, true) : wp_delete_post($id, true);
    }
    if ($do === 'save') {
        return wp_update_post(['ID' => $id], true);
    }
    if ($column === 'post_status' && $value === 'trash') {
        return wp_trash_post($id);
    }
    if ($column === 'post_type') {
        return set_post_type($id, $value);
    }
    $dates = $column === 'post_date' ? ['post_date_gmt' => get_gmt_from_date($value), 'edit_date' => true] : [];
    return wp_update_post(wp_slash(['ID' => $id, $column => $value] + $dates), true);
}
function term($asked) {
    global $wpdb;
    ['do' => $do, 'row' => $row] = $asked;
    if ($do === 'add' && !isset($row['name'])) { // the number that it had, by which its contents know it
        $name = array_values(array_filter($asked['also'], fn ($part) => $part['table'] === 'wp_terms'))[0]['row'];
        $done = $wpdb->insert($wpdb->terms, $name) && $wpdb->insert($wpdb->term_taxonomy, $row);
        clean_term_cache((int) $row['term_id'], $row['taxonomy']);
        return $done;
    }
    if ($do === 'add') {
        return wp_insert_term($row['name'], $row['taxonomy'], wp_slash($row));
    }
    $id = (int) $row['term_id'];
    $taxonomy = $row['taxonomy'] ?? $wpdb->get_var($wpdb->prepare("SELECT taxonomy FROM $wpdb->term_taxonomy WHERE term_id = %d", $id));
    return $do === 'remove' ? wp_delete_term($id, $taxonomy) : wp_update_term($id, $taxonomy, $do === 'set' ? wp_slash([$asked['column'] => $asked['value']]) : []);
}
// Where a content or an element of a menu belongs; another term of the same kind, to which it must lead instead.
function belonging($asked) {
    ['do' => $do, 'row' => $row] = $asked;
    $term = get_term_by('term_taxonomy_id', (int) $row['term_taxonomy_id']);
    if (!$term) {
        throw new Refused('the term is gone');
    }
    [$id, $ids] = [(int) $row['object_id'], [$term->term_id]];
    if ($do === 'add') {
        return wp_add_object_terms($id, $ids, $term->taxonomy);
    }
    $done = wp_remove_object_terms($id, $ids, $term->taxonomy);
    if ($do === 'save') {
        return wp_add_object_terms($id, $ids, $term->taxonomy);
    }
    if ($do === 'link') {
        $others = get_terms(['taxonomy' => $term->taxonomy, 'hide_empty' => false, 'exclude' => $ids, 'orderby' => 'term_id']);
        return $others ? wp_add_object_terms($id, [$others[0]->term_id], $term->taxonomy) : false;
    }
    return $done;
}
function account($asked) {
    ['do' => $do, 'row' => $row] = $asked;
    $id = (int) ($row['ID'] ?? 0);
    if ($do === 'add') {
        return wp_insert_user(wp_slash(array_diff_key($row, ['ID' => 0])));
    }
    return $do === 'remove' ? wp_delete_user($id, 1) : wp_update_user(wp_slash(['ID' => $id] + ($do === 'set' ? [$asked['column'] => $asked['value']] : [])));
}
function comment($asked) {
    ['do' => $do, 'column' => $column, 'row' => $row, 'value' => $value] = $asked;
    $id = (int) $row['comment_ID'];
    if ($do === 'add') {
        return wp_insert_comment(wp_slash($row));
    }
    if ($do === 'remove') {
        return wp_delete_comment($id, true);
    }
    if ($do === 'set' && $column === 'comment_approved') {
        return wp_set_comment_status($id, ['0' => 'hold', '1' => 'approve'][$value] ?? $value, true);
    }
    $done = wp_update_comment(wp_slash(['comment_ID' => $id] + ($do === 'set' ? [$column => $value] : [])), true);
    return $do === 'save' ? true : $done;
}
function carried_out($asked) {
    ['table' => $table, 'row' => $row] = $asked;
    if (isset(META[$table])) {
        [$kind, $of] = META[$table];
        return meta($kind, (int) $row[$of], $asked);
    }
    switch ($table) {
        case 'wp_options':
            return option($asked);
        case 'wp_posts':
            return content($asked);
        case 'wp_terms':
        case 'wp_term_taxonomy':
            return term($asked);
        case 'wp_term_relationships':
            return belonging($asked);
        case 'wp_users':
            return account($asked);
        case 'wp_comments':
            return comment($asked);
    }
    throw new InvalidArgumentException("no function of WordPress's is known for $table");
}

function differs($request, $before) {
    $after = stored($request['table'], $request['key']);
    $column = $request['column'];
    return $column !== '' && $before && $after ? $before->$column !== $after->$column : $before != $after;
}

$altered = true;
try {
    foreach ($asked['requests'] as $request) {
        $before = stored($request['table'], $request['key']);
        $done = refused_unless(carried_out($request));
        foreach ($request['also'] as $part) { // what is stored of a content or an account, and where it belongs
            if ($part['table'] === 'wp_usermeta') {
                $part['row']['user_id'] = $done;
            }
            if ($part['table'] !== 'wp_terms') { // came with what it names
                refused_unless(carried_out(['do' => 'add', 'path' => [], 'column' => '', 'value' => null, 'also' => []] + $part));
            }
        }
        $altered = $altered && (in_array($request['do'], ['add', 'save'], true) || differs($request, $before));
    }
    do_action('shutdown'); // what plugins do at the end of a request
    wp_cache_flush();
    echo "\n" . json_encode(['altered' => $altered]);
} catch (Refused $refusal) {
    echo "\n" . json_encode(['refused' => $refusal->getMessage()]);
}
