<?php
// Customer service: what customers wrote and what was answered; the sentences kept ready.
foreach ($seed['threads'] as $row) {
    $thread = new CustomerThread();
    $thread->id_shop = 1;
    $thread->id_lang = $lang;
    $thread->id_contact = known('contact', $row['contact'], $row['slug']);
    $thread->id_customer = isset($row['customer']) ? known('customer', $row['customer'], $row['slug']) : 0;
    $thread->id_order = isset($row['order']) ? known('order', $row['order'], $row['slug']) : 0;
    $thread->id_product = isset($row['product']) ? known('product', $row['product'], $row['slug']) : 0;
    $thread->email = $row['customer'] ?? $row['email'];
    $thread->status = $row['status'] ?? 'open';
    $thread->token = Tools::passwdGen(12);
    $id = made($thread, "thread {$row['slug']}");
    $last = '';
    foreach (array_merge([['message' => $row['message'], 'days_ago' => $row['days_ago']]], $row['answers'] ?? []) as $one) {
        $message = new CustomerMessage();
        $message->id_customer_thread = $id;
        $message->id_employee = isset($one['by']) ? by($one['by'])->id : 0;
        $message->message = $one['message'];
        $message->ip_address = (int) ip2long('192.0.2.10');
        $message->user_agent = 'Mozilla/5.0';
        $message->private = $one['private'] ?? false;
        $message->read = isset($one['by']) || isset($row['answers']);
        made($message, "message of {$row['slug']}");
        $last = dated($one['days_ago'], isset($one['by']) ? '09:20:00' : $row['time'] ?? '18:40:00');
        $db->update('customer_message', ['date_add' => $last, 'date_upd' => $last], "id_customer_message = $message->id");
    }
    $db->update('customer_thread', ['date_add' => dated($row['days_ago'], $row['time'] ?? '18:40:00'), 'date_upd' => $last], "id_customer_thread = $id");
}
foreach ($seed['order_messages'] as $row) {
    $message = new OrderMessage();
    $message->name = said($row['name']);
    $message->message = said($row['message']);
    made($message, "predefined message {$row['name']}");
}
// The candidate has been told of all but the newest.
$db->update('employee', [
    'id_last_order' => (int) $db->getValue('SELECT MAX(id_order) - 2 FROM ' . _DB_PREFIX_ . 'orders'),
    'id_last_customer_message' => (int) $db->getValue('SELECT MAX(id_customer_message) - 1 FROM ' . _DB_PREFIX_ . 'customer_message'),
    'id_last_customer' => (int) $db->getValue('SELECT MAX(id_customer) - 1 FROM ' . _DB_PREFIX_ . 'customer'),
], 'id_employee = 1');
