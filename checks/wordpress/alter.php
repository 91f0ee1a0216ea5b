<?php
// Alters one thing that a WordPress stores, by its own functions, as its administrator. Reads {address, do, table, row, key,
// column, path, value}: `do` is "set" (the value at that path of a column), "remove" (the row, or what stands at the path) or "add" (a row
// that was there, and those of `also`). Writes {altered}: false where WordPress stores the same as before.
$asked = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$_SERVER['HTTP_HOST'] = preg_replace('#^https?://#', '', $asked['address']);
$_SERVER['REQUEST_URI'] = '/';
require_once '/var/www/html/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
wp_set_current_user(get_users(['role' => 'administrator', 'orderby' => 'ID', 'number' => 1])[0]->ID);
kses_init();
['do' => $do, 'table' => $table, 'row' => $row, 'key' => $key, 'column' => $column, 'path' => $path, 'value' => $value, 'also' => $also] = $asked;

function refused($why) {
    fwrite(STDERR, is_wp_error($why) ? $why->get_error_message() : $why);
    exit(1);
}
// The array with that value at the path, of the kind that stood there; without what stands there, where the value is null.
function with_value($array, $path, $value) {
    if (!$path) {
        return is_int($array) ? (int) $value : (is_bool($array) ? (bool) $value : $value);
    }
    $first = array_shift($path);
    if (!$path && $value === null) {
        unset($array[$first]);
        return array_is_list($array) || !is_int($first) ? $array : array_values($array);
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

$before = stored($table, $key);
$meta = ['wp_postmeta' => ['post', 'post_id'], 'wp_usermeta' => ['user', 'user_id'], 'wp_commentmeta' => ['comment', 'comment_id'], 'wp_termmeta' => ['term', 'term_id']];
$done = true;
if (isset($meta[$table])) {
    [$kind, $of] = $meta[$table];
    $key = $row['meta_key'];
    if ($kind === 'user' && str_ends_with($key, 'capabilities') && $do === 'set') {
        (new WP_User((int) $row[$of]))->set_role($value);
    } elseif ($do === 'remove' && !$path) {
        $done = delete_metadata($kind, (int) $row[$of], $key);
    } else {
        $new = $do === 'add' ? $row['meta_value'] : with_value(get_metadata($kind, (int) $row[$of], $key, true), $path, $value);
        update_metadata($kind, (int) $row[$of], $key, wp_slash($new));
    }
} elseif ($table === 'wp_options') {
    if ($do === 'remove' && !$path) {
        delete_option($row['option_name']);
    } else {
        update_option($row['option_name'], $do === 'add' ? $row['option_value'] : with_value(get_option($row['option_name']), $path, $value));
    }
} elseif ($table === 'wp_posts') {
    $id = (int) $row['ID'];
    if ($do === 'add') {
        $done = wp_insert_post(wp_slash(['import_id' => $id] + array_diff_key($row, ['ID' => 0])), true);
    } elseif ($do === 'remove') {
        $done = $row['post_type'] === 'attachment' ? wp_delete_attachment($id, true) : wp_delete_post($id, true);
    } elseif ($column === 'post_status' && $value === 'trash') {
        $done = wp_trash_post($id);
    } elseif ($column === 'post_type') {
        $done = set_post_type($id, $value);
    } else {
        $dates = $column === 'post_date' ? ['post_date_gmt' => get_gmt_from_date($value), 'edit_date' => true] : [];
        $done = wp_update_post(wp_slash(['ID' => $id, $column => $value] + $dates), true);
    }
} elseif ($table === 'wp_terms' || $table === 'wp_term_taxonomy') {
    $id = (int) $row['term_id'];
    $taxonomy = $row['taxonomy'] ?? $wpdb->get_var($wpdb->prepare("SELECT taxonomy FROM $wpdb->term_taxonomy WHERE term_id = %d", $id));
    if ($do === 'add') {
        $done = wp_insert_term($row['name'], $row['taxonomy'], wp_slash($row));
    } elseif ($do === 'remove') {
        $done = wp_delete_term($id, $taxonomy);
    } else {
        $done = wp_update_term($id, $taxonomy, wp_slash([$column => $value]));
    }
} elseif ($table === 'wp_term_relationships') {
    $term = get_term_by('term_taxonomy_id', (int) $row['term_taxonomy_id']);
    if ($do === 'add') {
        $done = wp_add_object_terms((int) $row['object_id'], [$term->term_id], $term->taxonomy);
    } else {
        $done = wp_remove_object_terms((int) $row['object_id'], [$term->term_id], $term->taxonomy);
        if ($do === 'set') {
            $others = get_terms(['taxonomy' => $term->taxonomy, 'hide_empty' => false, 'exclude' => [$term->term_id], 'orderby' => 'term_id']);
            $done = wp_add_object_terms((int) $row['object_id'], [$others[0]->term_id], $term->taxonomy);
        }
    }
} elseif ($table === 'wp_users') {
    $done = $do === 'add' ? wp_insert_user(wp_slash(array_diff_key($row, ['ID' => 0]))) : ($do === 'remove' ? wp_delete_user((int) $row['ID'], 1) : wp_update_user(wp_slash(['ID' => (int) $row['ID'], $column => $value])));
} elseif ($table === 'wp_comments') {
    $id = (int) $row['comment_ID'];
    if ($do === 'add') {
        $done = wp_insert_comment(wp_slash($row));
    } elseif ($do === 'remove') {
        $done = wp_delete_comment($id, true);
    } elseif ($column === 'comment_approved') {
        $done = wp_set_comment_status($id, ['0' => 'hold', '1' => 'approve'][$value] ?? $value, true);
    } else {
        $done = wp_update_comment(wp_slash(['comment_ID' => $id, $column => $value]), true);
    }
} else {
    refused("no function of WordPress's is known for $table");
}
if (!$done || is_wp_error($done)) {
    refused($done ?: 'WordPress refused it');
}
foreach ($also as $part) { // of a content or an account, what is stored of it and where it belongs
    if ($part['table'] === 'wp_postmeta') {
        add_metadata('post', (int) $part['row']['post_id'], $part['row']['meta_key'], wp_slash($part['row']['meta_value']));
    } elseif ($part['table'] === 'wp_usermeta') {
        update_metadata('user', (int) $done, $part['row']['meta_key'], wp_slash($part['row']['meta_value']));
    } elseif ($part['table'] === 'wp_term_relationships') {
        $term = get_term_by('term_taxonomy_id', (int) $part['row']['term_taxonomy_id']);
        wp_add_object_terms((int) $part['row']['object_id'], [$term->term_id], $term->taxonomy);
    }
}
do_action('shutdown'); // what plugins do at the end of a request
wp_cache_flush();
echo json_encode(['altered' => $do === 'add' || stored($table, $key) != $before]);
