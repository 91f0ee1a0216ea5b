<?php
// What customers wrote since the last order; the sentences kept ready.
threads_until('9999');
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
